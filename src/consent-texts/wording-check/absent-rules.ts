import { detail, type Finding, finding } from './finding.ts';
import type { Reading } from './reading.ts';
import { type Rule, rules } from './rules.ts';
import { foundAny } from './spans.ts';

/** The rules that miss words which have to be there. */
export function absentFindings(reading: Reading): Finding[] {
  const missing = rules
    .filter((rule) => rule.kind === 'absent' && isAskedFor(rule, reading))
    .filter((rule) => !foundAny(rule.patterns[reading.locale], wordsFor(rule, reading)))
    .map((rule) => finding(reading, rule));
  return missing.some(({ rule }) => rule === 'W12') ? missing : [...missing, ...wayOut(reading)];
}

function isAskedFor({ id }: Rule, { input }: Reading): boolean {
  if (id === 'W42') return input.form?.purposeCount !== 1;
  if (id === 'W38') return !input.form?.linksPrivacyNotice;
  return true;
}

/** The declaration has to stand in the label itself; the rest may stand close by. */
function wordsFor({ id }: Rule, { fields }: Reading): string {
  const near = id === 'W40' ? ['wording', 'title'] : ['wording', 'title', 'heading', 'hint'];
  return fields
    .filter(({ name }) => near.includes(name))
    .map(({ tidy }) => tidy.text)
    .join('\n');
}

/** That one can withdraw is half of it; how is the other half. */
function wayOut(reading: Reading): Finding[] {
  const words = reading.fields.map(({ tidy }) => tidy.text).join('\n');
  return WAY[reading.locale].test(words) ? [] : [detail(reading, 'W12', 'way', {}, { severity: 'warn' })];
}

const WAY = {
  de: /link|e-?mail\s|@|nachricht|einstellung|formlos|gespräch|telefon|anruf|brief|post|antwort|seite|schreiben|sms/iu,
  en: /link|by\s+e-?mail|e-?mail\s+to|@|message|preference|informal|any\s+form|call|phone|letter|post|reply|page|writ/iu,
};

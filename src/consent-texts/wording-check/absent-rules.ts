import { detail, type Finding, finding } from './finding.ts';
import { frequencyIn } from './frequency.ts';
import type { Reading } from './reading.ts';
import { type Rule, rules } from './rules.ts';
import { sentencesOf, speaksOfWithdrawal, withoutGrants } from './sentences.ts';
import { foundAny } from './spans.ts';
import { anySpelling } from './spelling.ts';

/** The rules that miss words which have to be there. */
export function absentFindings(reading: Reading): Finding[] {
  const missing = rules
    .filter((rule) => rule.kind === 'absent' && isAskedFor(rule, reading))
    .filter((rule) => !isThere(rule, reading))
    .map((rule) => finding(reading, rule));
  return missing.some(({ rule }) => rule === 'W12')
    ? missing
    : [...missing, ...withdrawalMethodFindings(reading)];
}

function isAskedFor({ id }: Rule, { input }: Reading): boolean {
  if (id === 'W42') return input.form?.purposeCount !== 1;
  if (id === 'W38') return !input.form?.linksPrivacyNotice;
  return true;
}

function isThere(rule: Rule, reading: Reading): boolean {
  const words = wordsFor(rule, reading);
  if (foundAny(rule.patterns[reading.locale], words)) return true;
  if (rule.id === 'W12') return sentencesIn(words).some((one) => speaksOfWithdrawal(one, reading.locale));
  return rule.id === 'W29' && frequencyIn(words, reading.locale) !== undefined;
}

function sentencesIn(words: string): string[] {
  return sentencesOf(words).map(({ start, end }) => words.slice(start, end));
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
function withdrawalMethodFindings(reading: Reading): Finding[] {
  const words = reading.fields.map(({ tidy }) => withoutGrants(tidy.text, reading.locale)).join('\n');
  return WAY[reading.locale].test(words) ? [] : [detail(reading, 'W12', 'way', {}, { severity: 'warn' })];
}

const WAY = {
  de: anySpelling(
    /link|e-?mail|fax|klick|@|nachricht|einstellung|formlos|gespräch|telefon|anruf|brief|post|antwort|seite|schreiben|sms/iu,
  ),
  en: /link|e-?mail|fax|click|@|message|preference|informal|any\s+form|call|phone|letter|post|reply|page|writ/iu,
};

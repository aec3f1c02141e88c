import { detail, type Finding, finding } from './finding.ts';
import { frequencyIn } from './frequency.ts';
import type { Reading } from './reading.ts';
import { type Rule, rules } from './rules.ts';
import { sentencesOf, speaksOfWithdrawal, withoutGrants } from './sentences.ts';
import { foundAny, without } from './spans.ts';
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

function isAskedFor({ id }: Rule, reading: Reading): boolean {
  const { input } = reading;
  if (id === 'W42') return isMixed(reading);
  if (id === 'W38') return !input.form?.linksPrivacyNotice;
  return true;
}

/** Whether the form serves something else as well: by its schema, or by what stands on it. */
function isMixed({ input, fields, locale }: Reading): boolean {
  const { form } = input;
  if (form?.purposeCount !== undefined) return form.purposeCount > 1;
  return fields.some(({ tidy, withdrawals, names }) =>
    OTHER_FORM[locale].test(without(tidy.text, [...withdrawals, ...names])),
  );
}

const OTHER_FORM = {
  de: /(?:bestell|buchungs|auftrags|anmelde|antrags|vertrags|registrierungs|teilnahme)(?:formular|schein|karte|coupon|strecke|vorgang|prozess|abschluss)|warenkorb|(?<!\p{L})kasse(?!\p{L})|gewinnspiel|preisausschreiben|verlosung/iu,
  en: /check-?out|(?:order|booking|registration|application|contract|entry)\s(?:form|card|page|slip)|shopping\s(?:cart|basket)|prize\sdraw|sweepstake|raffle/iu,
};

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

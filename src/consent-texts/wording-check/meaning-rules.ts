import { companiesIn, isBesideName } from './companies.ts';
import { readSentence, says, spansOfMeaning } from './find-meanings.ts';
import { detail, type Finding, finding } from './finding.ts';
import type { Span } from './mapped-text.ts';
import { type Meaning, meanings } from './meanings.ts';
import type { Reading, TextField } from './reading.ts';
import { requireRule } from './rules.ts';
import { sentencesOf } from './sentences.ts';
import { beginsWithin, liesWithin, occurrences, spansOfAll } from './spans.ts';

/** The rules by what a sentence means, in whatever words. */
export function meaningFindings(reading: Reading): Finding[] {
  const asksForContact = asks(reading);
  const looked = Object.values(meanings).filter(
    ({ rule, contactOnly }) => rule !== undefined && (!contactOnly || asksForContact),
  );
  return reading.fields.flatMap((field) => fieldFindings(reading, field, looked));
}

function asks({ wording, locale }: Reading): boolean {
  return sentencesOf(wording.tidy.text)
    .filter((span) => !liesWithin(span, wording.withdrawals))
    .some(({ start, end }) => says('contact', readSentence(wording.tidy.text.slice(start, end), locale)));
}

function fieldFindings(reading: Reading, field: TextField, looked: Meaning[]): Finding[] {
  const { text } = field.tidy;
  const companies = [...field.names, ...occurrences(companiesIn(text), text)];
  return sentencesOf(text).flatMap((sentence) => {
    const read = readSentence(text.slice(sentence.start, sentence.end), reading.locale);
    return looked.flatMap((meaning) =>
      spansOfMeaning(meaning, read)
        .map(({ start, end }) => ({ start: start + sentence.start, end: end + sentence.start }))
        .filter(
          (span) => !isExcused(span, meaning, field, companies) && !isExcepted(span, meaning, reading, text),
        )
        .map((span) => told(reading, meaning, field, span)),
    );
  });
}

/** Names of companies and products, and what is said of the way out, are not what is consented to. */
function isExcused(
  span: Span,
  { rule, inWithdrawals }: Meaning,
  field: TextField,
  companies: Span[],
): boolean {
  return (
    liesWithin(span, [...companies, ...field.products]) ||
    beginsWithin(span, companies) ||
    (rule === 'W01' && isBesideName(span, field.tidy.text)) ||
    (!inWithdrawals && liesWithin(span, field.withdrawals))
  );
}

/** What the rule's own exceptions excuse, its meanings do not mark either. */
function isExcepted(span: Span, { rule }: Meaning, { locale }: Reading, text: string): boolean {
  return liesWithin(span, spansOfAll(requireRule(rule ?? '').except[locale], text));
}

function told(reading: Reading, meaning: Meaning, field: TextField, span: Span): Finding {
  const rule = requireRule(meaning.rule ?? '');
  const place = { field, span, severity: meaning.severity };
  if (!meaning.detail) return finding(reading, rule, place);
  const excerpt = field.tidy.text.slice(span.start, span.end);
  return detail(reading, rule.id, meaning.detail, { excerpt }, place);
}

import type { RuleLanguage } from './check-input.ts';
import { companiesIn, isBesideName, isNamed } from './companies.ts';
import { readSentence, says } from './find-meanings.ts';
import { detail, type Finding, finding } from './finding.ts';
import type { Span } from './mapped-text.ts';
import type { Reading, TextField } from './reading.ts';
import { type Rule, requireRule, rules } from './rules.ts';
import { sentencesOf } from './sentences.ts';
import { beginsWithin, foundAny, liesWithin, spansOfAll } from './spans.ts';

/** The rules that find words which must not be there. */
export function textFindings(reading: Reading): Finding[] {
  return rules
    .filter(({ kind }) => kind === 'text')
    .flatMap((rule) => (rule.id === 'W35' ? disclosureFindings(reading, rule) : everywhere(reading, rule)));
}

/** Where the rule's patterns match, less what is excused: company names, exceptions, the way out. */
export function matchesOf(rule: Rule, field: TextField, locale: RuleLanguage): Span[] {
  const { text } = field.tidy;
  const spans = spansOfAll(rule.patterns[locale], text);
  if (spans.length === 0 || foundAny(rule.unless[locale], text)) return [];
  const excused = [
    ...field.names,
    ...spansOfAll(rule.except[locale], text),
    ...(rule.declarationOnly ? field.withdrawals : []),
  ];
  return spans.filter(
    (span) =>
      !liesWithin(span, excused) &&
      !beginsWithin(span, field.names) &&
      !(rule.id === 'W01' && isBesideName(span, text)) &&
      !(rule.notProducts && isProduct(span, field)),
  );
}

/** "Kinderwagen" or "Umfrage-Software" among the products says what is sold, not what is asked. */
function isProduct(span: Span, { products }: TextField): boolean {
  return products.some(({ start, end }) => start < span.end && span.end <= end + LONGEST_ENDING);
}

const LONGEST_ENDING = 2;

function everywhere(reading: Reading, rule: Rule): Finding[] {
  return reading.fields.flatMap((field) =>
    matchesOf(rule, field, reading.locale).map((span) => finding(reading, rule, { field, span })),
  );
}

/** Passing on is a purpose of its own, and then every recipient has to stand in the text. */
function disclosureFindings(reading: Reading, rule: Rule): Finding[] {
  const { purposes, recipients = [] } = reading.input;
  const isAsked = purposes?.length
    ? purposes.some(({ key, kind }) => kind === 'disclosure' || /disclos|weitergabe/iu.test(key)) ||
      recipients.length > 0
    : recipients.length > 0;
  if (!purposes?.length && recipients.length === 0) return byWordsAlone(reading, rule);
  const unnamed = recipients
    .filter(({ name }) => !isNamed(reading.wording.tidy.text, name))
    .map(({ name }) => detail(reading, 'W35', 'unnamed', { name }));
  return isAsked && recipients.length > 0 ? unnamed : everywhere(reading, requireRule(rule.id));
}

/** A text that only passes the address on, to a company it names: the words are as they should be. */
function byWordsAlone(reading: Reading, rule: Rule): Finding[] {
  return reading.fields.flatMap((field) =>
    matchesOf(rule, field, reading.locale).map((span) => {
      const name = field.name === 'wording' ? namedRecipient(reading, span) : undefined;
      if (!name) return finding(reading, rule, { field, span });
      return detail(reading, rule.id, 'named', { name }, { field, span, severity: 'info' });
    }),
  );
}

function namedRecipient({ wording, locale, input }: Reading, span: Span): string | undefined {
  const { text } = wording.tidy;
  const sentence = sentencesOf(text).find(({ start, end }) => start <= span.start && span.end <= end);
  if (!sentence) return undefined;
  const before = text.slice(sentence.start, span.start);
  if (says('contact', readSentence(before, locale))) return undefined;
  const askers = (input.controllers ?? []).map(({ name }) => name);
  return companiesIn(text.slice(sentence.start, sentence.end)).findLast((name) => !askers.includes(name));
}

import type { RuleLanguage } from './check-input.ts';
import { isNamed } from './companies.ts';
import { detail, type Finding, finding } from './finding.ts';
import type { Span } from './mapped-text.ts';
import type { Reading, TextField } from './reading.ts';
import { type Rule, requireRule, rules } from './rules.ts';
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
  const unnamed = recipients
    .filter(({ name }) => !isNamed(reading.wording.tidy.text, name))
    .map(({ name }) => detail(reading, 'W35', 'unnamed', { name }));
  return isAsked && recipients.length > 0 ? unnamed : everywhere(reading, requireRule(rule.id));
}

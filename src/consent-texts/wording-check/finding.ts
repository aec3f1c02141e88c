import type { RuleLanguage } from './check-input.ts';
import type { Span } from './mapped-text.ts';
import { originalSpan } from './mapped-text.ts';
import type { Reading, TextField } from './reading.ts';
import { type Rule, requireRule, type Severity, type Words } from './rules.ts';

export interface Finding {
  rule: string;
  severity: Severity;
  /** Offsets into the text as given, in UTF-16 units; both 0 when the finding is about the whole. */
  start: number;
  end: number;
  /** Which of the given texts the offsets belong to. */
  field: TextField['name'];
  message: string;
  law: string;
  /** How well the law is verified: V read, V2 read about, U unverified, R our own reasoning. */
  status: string;
  advice: string;
  /** An example that the rule accepts, in the language of the wording. */
  good: string;
}

export interface Place {
  field?: TextField;
  /** In the tidied text of the field. */
  span?: Span;
}

/** A finding in the words that the catalogue has for this detail of the rule. */
export function detail(
  reading: Reading,
  ruleId: string,
  key: string,
  values: Record<string, string | number> = {},
  more: Place & { severity?: Severity } = {},
): Finding {
  const rule = requireRule(ruleId);
  const words = rule.details?.[key];
  if (!words) throw new Error(`Rule ${ruleId} has no words for ${key}.`);
  return finding(reading, rule, { ...more, message: filled(words, reading.reader, values) });
}

/** A finding in the rule's title, with the words it was found in. */
export function finding(
  reading: Reading,
  rule: Rule,
  { field, span, severity, message }: Place & { severity?: Severity; message?: string } = {},
): Finding {
  const where = field ?? reading.wording;
  return {
    rule: rule.id,
    severity: severity ?? rule.severity,
    ...(span ? originalSpan(where.tidy, span) : { start: 0, end: 0 }),
    field: where.name,
    message:
      message ??
      titled(rule.title[reading.reader], span && where.tidy.text.slice(span.start, span.end), reading.reader),
    law: lawOf(rule, reading),
    status: rule.status,
    advice: rule.advice[reading.reader],
    good: rule.examples[reading.locale].good[0] ?? '',
  };
}

function lawOf({ law, lawForEnglishTexts }: Rule, { locale, reader }: Reading): string {
  const more = locale === 'en' ? lawForEnglishTexts : undefined;
  return more ? `${law[reader]}; ${more[reader]}` : law[reader];
}

export function filled(words: Words, reader: RuleLanguage, values: Record<string, string | number>): string {
  return words[reader].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

export function titled(title: string, found: string | undefined, reader: RuleLanguage): string {
  if (!found) return `${title.charAt(0).toUpperCase()}${title.slice(1)}.`;
  const excerpt = shortened(found);
  return reader === 'de' ? `„${excerpt}“: ${title}.` : `“${excerpt}”: ${title}.`;
}

export function shortened(text: string): string {
  const letters = Array.from(text);
  return letters.length > 60 ? `${letters.slice(0, 59).join('')}…` : text;
}

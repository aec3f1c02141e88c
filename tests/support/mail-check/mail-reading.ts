import type { RuleLanguage } from '#src/consent-texts/wording-check/check-input.ts';
import { type Finding, filled, titled } from '#src/consent-texts/wording-check/finding.ts';
import {
  type MappedText,
  originalSpan,
  type Span,
  tidied,
} from '#src/consent-texts/wording-check/mapped-text.ts';
import { occurrences, spansOf, without } from '#src/consent-texts/wording-check/spans.ts';
import { requireMailRule } from './mail-rules.ts';

export interface CheckedMail {
  subject: string;
  text: string;
  html: string;
  locale: RuleLanguage;
}

/** What the mail is about. What is left out is not checked. */
export interface MailContext {
  consentTexts: string[];
  controllerName: string;
  /** The imprint as the mail prints it, line by line. */
  imprint: string;
  /** Confirm, not-me, imprint, privacy; nothing else may be linked. */
  allowedLinks: string[];
  confirmLink?: string;
  /** The address that was entered, and the site it was entered on. */
  address?: string;
  site?: string;
  /** What the form was given besides the address: none of it may stand in the mail. */
  formValues?: string[];
  /** How many mails this request has had without anybody asking for one. */
  mailsBefore?: number;
  /** The language the findings are written in; by default that of the mail. */
  reader?: RuleLanguage;
}

export type MailFinding = Omit<Finding, 'field' | 'good'> & { part: MailPart };

export type MailPart = 'subject' | 'text' | 'html';

export interface PartText {
  part: MailPart;
  mapped: MappedText;
}

export interface MailReading {
  mail: CheckedMail;
  context: MailContext;
  reader: RuleLanguage;
  /** The parts as people read them. */
  whole: PartText[];
  /** The same without what is quoted or given: consent texts, legal name, imprint, addresses. */
  own: PartText[];
}

export function readMail(mail: CheckedMail, context: MailContext): MailReading {
  const whole = (['subject', 'text', 'html'] as const).map((part) => ({
    part,
    mapped: tidied(part === 'html' ? blanked(mail.html) : mail[part]),
  }));
  const given = [
    ...context.consentTexts,
    ...context.imprint.split('\n'),
    context.imprint,
    context.controllerName,
  ]
    .map((words) => tidied(words).text)
    .filter((words) => words.length > 1)
    .sort((a, b) => b.length - a.length);
  const own = whole.map(({ part, mapped }) => {
    const spans = [...occurrences(given, mapped.text), ...spansOf(URL, mapped.text)];
    return { part, mapped: { ...mapped, text: without(mapped.text, spans) } };
  });
  return { mail, context, reader: context.reader ?? mail.locale, whole, own };
}

export function mailFinding(
  { mail, reader }: MailReading,
  id: string,
  where: {
    part?: MailPart;
    mapped?: MappedText;
    span?: Span;
    key?: string;
    values?: Record<string, string>;
  } = {},
): MailFinding {
  const rule = requireMailRule(id);
  const { part = 'text', mapped, span, key, values = {} } = where;
  const place = !span ? { start: 0, end: 0 } : mapped ? originalSpan(mapped, span) : span;
  const words = key ? rule.details?.[key] : undefined;
  return {
    rule: id,
    severity: rule.severity,
    ...place,
    part,
    message: words
      ? filled(words, reader, values)
      : titled(rule.title[reader], mail[part].slice(place.start, place.end), reader),
    law: rule.law[reader],
    status: rule.status,
    advice: rule.advice[reader],
  };
}

const URL = /(?:https?:\/\/|www\.)[^\s<>"]{1,2000}|[^\s<>"@]{1,64}@[^\s<>"]{1,255}/giu;

/** The page as it is read: neither its head nor its styles are words, and offsets stay. */
function blanked(html: string): string {
  return html.replace(/<(head|style|script)(?=[\s>])[\s\S]*?<\/\1>/giu, (part) => ' '.repeat(part.length));
}

import type { Span } from '#src/consent-texts/wording-check/mapped-text.ts';
import { spansOf } from '#src/consent-texts/wording-check/spans.ts';
import { type MailFinding, type MailPart, type MailReading, mailFinding } from './mail-reading.ts';

/** M01: nothing is loaded, nothing is a picture. */
export function resourceFindings(reading: MailReading): MailFinding[] {
  return spansOf(RESOURCE, reading.mail.html).map((span) =>
    mailFinding(reading, 'M01', { part: 'html', span }),
  );
}

/** M04: no link besides those that the mail is for. */
export function linkFindings(reading: MailReading): MailFinding[] {
  const allowed = new Set(reading.context.allowedLinks.map((link) => link.trim()));
  return linksIn(reading)
    .filter(({ link }) => !allowed.has(link))
    .map(({ part, span }) => mailFinding(reading, 'M04', { part, span }));
}

export interface Link {
  part: MailPart;
  link: string;
  span: Span;
}

/** Every address that can be opened: `href` in the HTML part, what looks like one in the text part. */
export function linksIn({ mail, context }: MailReading): Link[] {
  const quoted = context.consentTexts.join('\n');
  const inText = spansOf(ADDRESS, mail.text)
    .map((span) => ({ part: 'text' as const, link: mail.text.slice(span.start, span.end), span }))
    .filter(({ link }) => !quoted.includes(link) && !isImprint(link, context.imprint));
  const inHtml = [...mail.html.matchAll(HREF)].map((match) => {
    const value = match[1] ?? match[2] ?? match[3] ?? '';
    const start = match.index + match[0].lastIndexOf(value);
    return { part: 'html' as const, link: unescaped(value), span: { start, end: start + value.length } };
  });
  return [...inText, ...inHtml];
}

const RESOURCE =
  /<(?:img|picture|source|video|audio|iframe|svg|object|embed|link|script|input|base)(?=[\s/>])|(?<=[\s"'])(?:src|srcset|background|poster)\s?=|background(?:-image)?\s?:[^;"}]{0,200}url|url\s?\(|@import|@font-face/giu;
const HREF = /\shref\s?=\s?(?:"([^"]*)"|'([^']*)'|([^\s>"']+))/giu;
const ADDRESS = /https?:\/\/[^\s<>"„“”]{1,2000}[^\s<>"„“”.,;:!?)\]]/giu;

/** The imprint is printed as it stands, with whatever addresses it names. */
function isImprint(link: string, imprint: string): boolean {
  return imprint.includes(link);
}

function unescaped(value: string): string {
  return value
    .replace(/&#(\d{1,6});/gu, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&quot;/gu, '"')
    .replace(/&lt;/gu, '<')
    .replace(/&gt;/gu, '>')
    .replace(/&amp;/gu, '&')
    .trim();
}

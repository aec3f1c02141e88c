import { channelNames, channelsIn } from './channels.ts';
import { isNamed, namesSomebody } from './companies.ts';
import { detail, type Finding, finding } from './finding.ts';
import type { Reading } from './reading.ts';
import { requireRule } from './rules.ts';
import { foundAny, spansOf } from './spans.ts';
import { matchesOf } from './text-rules.ts';

/** What the notice of § 7(3) UWG has to say, and what only a consent may say (law.md 3.2 and 7.6). */
export function noticeFindings(reading: Reading): Finding[] {
  // A letter rests on a legitimate interest: Art. 21(4) GDPR asks for the right to object, and for no more.
  const isLetter = reading.input.channels?.length === 1 && reading.input.channels[0] === 'post';
  const asked = isLetter ? ['N01'] : ['N01', 'N02', 'N03', 'N04', 'N07'];
  return [
    ...asked.filter((id) => !isThere(reading, id)).map((id) => finding(reading, requireRule(id))),
    ...eitherFindings(reading),
    ...consentFindings(reading),
    ...(isLetter ? [] : channelFindings(reading)),
    ...senderFindings(reading),
  ];
}

function isThere({ fields, locale }: Reading, id: string): boolean {
  return fields.some(({ tidy }) => foundAny(requireRule(id).patterns[locale], tidy.text));
}

/** "Eigene oder ähnliche Waren": the law wants both. */
function eitherFindings(reading: Reading): Finding[] {
  const { text } = reading.wording.tidy;
  return spansOf(EITHER[reading.locale], text).map((span) =>
    detail(reading, 'N04', 'either', { excerpt: text.slice(span.start, span.end) }, { span }),
  );
}

const EITHER = {
  de: /(?:eigene[nr]?|unsere[nr]?)\soder\s(?:ähnliche|aehnliche|vergleichbare)[nr]?|(?:ähnliche|aehnliche|vergleichbare)[nr]?\soder\s(?:eigene|unsere)[nr]?/giu,
  en: /(?<!\p{L})(?:own|our)\sor\s(?:similar|comparable)|(?:similar|comparable)\sor\s(?:its\s|our\s)?own/giu,
};

function consentFindings(reading: Reading): Finding[] {
  const rule = requireRule('N05');
  return reading.fields.flatMap((field) =>
    matchesOf(rule, field, reading.locale).map((span) => finding(reading, rule, { field, span })),
  );
}

function channelFindings(reading: Reading): Finding[] {
  const { named, hinted } = channelsIn(reading.wording, reading.locale);
  const others = [...named].filter(([channel]) => channel !== 'email');
  if (named.size === 0 && !hinted.has('email')) return [detail(reading, 'N06', 'none')];
  return others.map(([channel, span]) =>
    channel === 'sms'
      ? detail(reading, 'N06', 'sms', {}, { span, severity: 'warn' })
      : detail(reading, 'N06', 'other', { channel: channelNames[reading.reader][channel] }, { span }),
  );
}

/** The notice stands in an order or a mail, whose imprint says who sends it; naming the company is better. */
function senderFindings(reading: Reading): Finding[] {
  const { text } = reading.wording.tidy;
  const { controllers = [] } = reading.input;
  const missing = controllers.filter(({ name }) => !isNamed(text, name));
  if (controllers.length > 0) {
    return missing.map(({ name }) => detail(reading, 'W10', 'missing', { name }, { severity: 'warn' }));
  }
  return namesSomebody(text, reading.locale)
    ? []
    : [detail(reading, 'W10', 'none', {}, { severity: 'info' })];
}

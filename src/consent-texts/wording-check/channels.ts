import type { Channel, RuleLanguage } from './check-input.ts';
import type { Span } from './mapped-text.ts';
import type { TextField } from './reading.ts';
import { spansOf, without } from './spans.ts';

/** A messenger is none of our channels: a text that names one promises what no form asks. */
export type NamedChannel = Channel | 'messenger';

export interface ChannelsInText {
  /** Channels the text names outright, and where. */
  named: Map<NamedChannel, Span>;
  /** What also speaks for a channel, without being enough to add one: "Newsletter", "Telefonnummer". */
  hinted: Set<NamedChannel>;
}

/** The channels on which contact is allowed; ways to withdraw and company names do not count. */
export function channelsIn(field: TextField, locale: RuleLanguage): ChannelsInText {
  const text = without(field.tidy.text, [
    ...field.names,
    ...field.withdrawals,
    ...field.products.filter(({ start }) => !BY.test(field.tidy.text.slice(Math.max(0, start - 5), start))),
    ...spansOf(CONTACT_LINE, field.tidy.text),
  ]);
  const hints = Object.entries(HINTS[locale]).flatMap(([channel, pattern]) =>
    spansOf(pattern, text).map((span) => ({ channel: channel as NamedChannel, span })),
  );
  const rest = without(
    text,
    hints.map(({ span }) => span),
  );
  const named = new Map<NamedChannel, Span>();
  for (const [channel, pattern] of Object.entries(NAMES[locale])) {
    const first = spansOf(pattern, rest)[0];
    if (first) named.set(channel as NamedChannel, first);
  }
  return { named, hinted: new Set(hints.map(({ channel }) => channel)) };
}

/** The text's channels as a set: the named ones, or what is hinted at when none is named. */
export function channelSet({ named, hinted }: ChannelsInText): NamedChannel[] {
  return [...(named.size > 0 ? named.keys() : hinted)].sort();
}

export const channelNames: Record<RuleLanguage, Record<NamedChannel, string>> = {
  de: { email: 'E-Mail', sms: 'SMS', phone: 'Telefon', fax: 'Fax', post: 'Post', messenger: 'Messenger' },
  en: { email: 'e-mail', sms: 'SMS', phone: 'phone', fax: 'fax', post: 'post', messenger: 'messenger' },
};

// A channel may be a product as well: "Werbung für Telefone per Telefon".
const BY = /(?<!\p{L})(?:per|via|by|am)\s$/iu;
// "E-Mail: info@…" and "Tel. 06181 …" say where the company is, not how it may write.
const CONTACT_LINE =
  /(?:per\s+)?(?<!\p{L})e-?mail:?\s(?:an\s|to\s)?[^\s@]{1,60}@|tel(?:efon)?\.?:?\s[+\d][\d\s/()-]{5,20}/giu;

const HINTS: Record<RuleLanguage, Partial<Record<NamedChannel, RegExp>>> = {
  de: {
    email: /newsletter|e-?mail-?adressen?/giu,
    phone: /(?:telefon|ruf|mobil|handy)nummern?/giu,
    sms: /(?:mobil|handy)nummern?/giu,
    post: /(?<!\p{L})(?:post)?anschrift(?!\p{L})/giu,
  },
  en: {
    email: /newsletters?|e-?mail\s+address(?:es)?/giu,
    phone: /(?:tele|mobile\s)?phone\s+numbers?/giu,
    sms: /mobile(?:\s+phone)?\s+numbers?/giu,
    post: /postal\s+address(?:es)?/giu,
  },
};

const MESSENGER =
  /(?<!\p{L})(?:whatsapp|telegram|messenger|push-?(?:nachricht|mitteilung|message|notification)\p{L}{0,3})/giu;
const NAMES: Record<RuleLanguage, Record<NamedChannel, RegExp>> = {
  de: {
    email: /(?<!\p{L})(?:e-?\s?mails?|mails?|elektronische[rn]?\spost)(?!\p{L})/giu,
    phone:
      /(?<!\p{L})(?:telefon(?:isch\p{L}{0,2}|at\p{L}{0,2}|ie|e|s|ieren|anruf\p{L}{0,2}|gespräch\p{L}{0,2}|werbung|kontakte?|marketing|akquise|befragung|beratung)?|an(?:zu)?ruf(?:e|en|t|s)?|ruf(?:e|en|t)\s(?:[^\s.]{1,40}\s){0,6}an)(?!\p{L})/giu,
    sms: /(?<!\p{L})(?:sms|(?:kurz|text)nachricht(?:en)?)(?!\p{L})/giu,
    fax: /(?<!\p{L})(?:tele)?fax(?:e|en|es)?(?!\p{L})/giu,
    post: /(?<!\p{L}|elektronische[rn]?\s)(?:post(?:weg|alisch(?:e[nrs]?)?|karten?|sendung(?:en)?|wurfsendung(?:en)?)?|brief(?:e|en|es|lich(?:e[nrs]?)?|post)?)(?!\p{L})/giu,
    messenger: MESSENGER,
  },
  en: {
    email: /(?<!\p{L})e-?mail(?:s|ed|ing)?(?!\p{L})/giu,
    phone:
      /(?<![\p{L}-])(?:(?:tele)?phone(?:s|d)?|call(?:s|ing)?\s(?:me|you)|ring\s(?:me|you)|(?:phone\s)?on\s(?:my|your)\s(?:mobile|cell)|(?:phone\s)?calls?|by\stelephone)(?!\p{L})/giu,
    sms: /(?<!\p{L})(?:sms|text\smessages?|texts?\s(?:me|you))(?!\p{L})/giu,
    fax: /(?<!\p{L})fax(?:es|ed)?(?!\p{L})/giu,
    post: /(?<!\p{L})(?:(?<!blog\s)post(?:al|card|cards)?|letters?|(?:by|direct)\smail)(?!\p{L})/giu,
    messenger: MESSENGER,
  },
};

import { IntlMessageFormat } from 'intl-messageformat';
import type { Locale } from '#db/schema/vocabulary.ts';
import { readCatalogue } from './catalogue.ts';
import { escapeHtml, type Html } from './html.ts';
import { defaultLocale, fallbackChain } from './locales.ts';
import type { MessageKey, NameBelow, ParamsOf } from './message-keys.ts';
import { perLocale } from './per-locale.ts';

export type { MessageKey, PlainKey } from './message-keys.ts';

export interface Translate {
  <Key extends MessageKey>(key: Key, ...params: ParamsOf<Key, string | number>): string;
  /**
   * The same message as HTML: `<b>` in it is bold, values are escaped and kept from turning the direction
   * of the words around them. A value that is markup already comes as `Html`.
   */
  rich: <Key extends MessageKey>(key: Key, ...params: ParamsOf<Key, string | number | Html>) => string;
  locale: Locale;
}

/** The words of one language. What it lacks is said in the next language of its fallback chain. */
export const translator: (locale: Locale) => Translate = perLocale((_, locale) => {
  const compiled = new Map<string, Message>();
  const format = (key: string, values: Values = {}): string => {
    let message = compiled.get(key);
    if (message === undefined) {
      message = compile(key, locale);
      compiled.set(key, message);
    }
    return typeof message === 'string' ? message : String(message.format(values));
  };
  // The types of `Translate` have checked each call.
  return Object.assign((key: string, values?: Values) => format(key, values), {
    rich: (key: string, values: RichValues = {}) => format(key, asMarkup(values)),
    locale,
  }) as Translate;
});

/** The names of all messages below a key, as for a page that lists them. */
export function namesBelow<Key extends string>(key: Key): NameBelow<Key>[] {
  const prefix = `${key}.`;
  const keys = [...catalogueOf(defaultLocale).keys()].filter((one) => one.startsWith(prefix));
  return keys.map((one) => one.slice(prefix.length) as NameBelow<Key>);
}

type Values = Record<string, string | number>;
type RichValues = Record<string, string | number | Html>;

/** A message without values is a plain text. */
type Message = string | IntlMessageFormat;

/** With the plural rules and numbers of the language in which the message is found. */
function compile(key: string, locale: Locale): Message {
  const language = fallbackChain(locale).find((one) => catalogueOf(one).has(key));
  const text = language && catalogueOf(language).get(key);
  if (text === undefined) throw new Error(`No language has the message ${key}.`);
  const message = new IntlMessageFormat(text, language, undefined, { ignoreTag: true });
  const [only, ...others] = message.getAst();
  return only?.type === 0 && others.length === 0 ? only.value : message;
}

const catalogueOf = perLocale((_, locale) => readCatalogue(locale));

function asMarkup(values: RichValues): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value === 'object') return [name, value.markup];
      return [name, typeof value === 'string' ? `<bdi>${escapeHtml(value)}</bdi>` : value];
    }),
  );
}

import { IntlMessageFormat } from 'intl-messageformat';
import type { Locale } from '#db/schema.ts';
import de from './de.json' with { type: 'json' };
import deskDe from './desk.de.json' with { type: 'json' };
import deskEn from './desk.en.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import exchangeDe from './exchange.de.json' with { type: 'json' };
import exchangeEn from './exchange.en.json' with { type: 'json' };
import figuresDe from './figures.de.json' with { type: 'json' };
import figuresEn from './figures.en.json' with { type: 'json' };
import formsDe from './forms.de.json' with { type: 'json' };
import formsEn from './forms.en.json' with { type: 'json' };
import { escapeHtml, type Html } from './html.ts';
import lettersDe from './letters.de.json' with { type: 'json' };
import lettersEn from './letters.en.json' with { type: 'json' };
import peopleDe from './people.de.json' with { type: 'json' };
import peopleEn from './people.en.json' with { type: 'json' };
import purposesDe from './purposes.de.json' with { type: 'json' };
import purposesEn from './purposes.en.json' with { type: 'json' };
import runningDe from './running.de.json' with { type: 'json' };
import runningEn from './running.en.json' with { type: 'json' };
import staffDe from './staff.de.json' with { type: 'json' };
import staffEn from './staff.en.json' with { type: 'json' };
import textsDe from './texts.de.json' with { type: 'json' };
import textsEn from './texts.en.json' with { type: 'json' };

export type MessageKey =
  | keyof typeof de
  | keyof typeof deskDe
  | keyof typeof exchangeDe
  | keyof typeof figuresDe
  | keyof typeof formsDe
  | keyof typeof lettersDe
  | keyof typeof peopleDe
  | keyof typeof purposesDe
  | keyof typeof runningDe
  | keyof typeof staffDe
  | keyof typeof textsDe;
export type Params = Record<string, string | number>;

export interface Translate {
  (key: MessageKey, params?: Params): string;
  /**
   * The same message as HTML: `<b>` in it is bold, values are escaped and kept from turning the direction
   * of the words around them. A value that is markup already comes as `Html`.
   */
  rich: (key: MessageKey, params: Record<string, string | number | Html>) => string;
  locale: Locale;
}

const messages: Record<Locale, Record<MessageKey, string>> = {
  de: {
    ...de,
    ...deskDe,
    ...exchangeDe,
    ...figuresDe,
    ...formsDe,
    ...lettersDe,
    ...peopleDe,
    ...purposesDe,
    ...runningDe,
    ...staffDe,
    ...textsDe,
  },
  en: {
    ...en,
    ...deskEn,
    ...exchangeEn,
    ...figuresEn,
    ...formsEn,
    ...lettersEn,
    ...peopleEn,
    ...purposesEn,
    ...runningEn,
    ...staffEn,
    ...textsEn,
  },
};

/** The words of the pages in one language. */
export function translator(locale: Locale): Translate {
  return translators[locale];
}

const translators: Record<Locale, Translate> = { de: makeTranslator('de'), en: makeTranslator('en') };

function makeTranslator(locale: Locale): Translate {
  const compiled = new Map<MessageKey, IntlMessageFormat>();
  const format = (key: MessageKey, params: Params): string => {
    let message = compiled.get(key);
    if (!message) {
      message = new IntlMessageFormat(messages[locale][key], locale, undefined, { ignoreTag: true });
      compiled.set(key, message);
    }
    return String(message.format(params));
  };
  const translate = (key: MessageKey, params: Params = {}) => format(key, params);
  return Object.assign(translate, {
    rich: (key: MessageKey, params: Record<string, string | number | Html>) => format(key, asMarkup(params)),
    locale,
  });
}

function asMarkup(params: Record<string, string | number | Html>): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      if (typeof value === 'object') return [name, value.markup];
      return [name, typeof value === 'string' ? `<bdi>${escapeHtml(value)}</bdi>` : value];
    }),
  );
}

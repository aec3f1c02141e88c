import type { Locale } from '#db/schema/vocabulary.ts';
import { narrowest, type ReservedHeight, widest } from '#src/embed/snippets.ts';
import { inLocale } from '#src/i18n/locales.ts';
import type { FormDefinition } from './form-definition.ts';

/** Estimates the height of a form, rather too high than too low, so that the host page does not shift when it loads. */
export function reservedHeight(definition: FormDefinition, locale: Locale): ReservedHeight {
  const at = (width: number) => Math.ceil(heightAt(definition, locale, width) / 10) * 10;
  return { narrow: at(narrowest - 32), wide: at(widest - 48) };
}

// Sizes of src/styles/tokens.css: a letter is about half as wide as its font is high.
const body = { letter: 8.6, line: 25.5 };
const small = { letter: 7.7, line: 22.5 };
const large = { letter: 15, line: 34 };

function heightAt({ words, consents, fields }: FormDefinition, locale: Locale, width: number): number {
  const inner = Math.min(width - 16, 660);
  const { heading, intro, notice } = inLocale(words, locale);
  const purposes = new Map(consents.map((consent) => [consent.purpose, consent]));
  const groups = [...purposes.values()].map(({ titles, promises, third_parties }) => {
    const parties = third_parties.map(({ name, place, line_of_business }) =>
      lines(`${name}, ${place} (${line_of_business})`, inner - 20, body),
    );
    const received = parties.length > 0 ? 56 + sum(parties) : 0;
    return (
      53 +
      lines(inLocale(titles, locale), inner, body) +
      lines(inLocale(promises, locale), inner, body) +
      received
    );
  });
  const boxes = consents.map(({ texts }) => 20 + lines(inLocale(texts, locale).wording, inner - 44, body));
  const others = fields.length - 1;
  const rows = width < 540 ? others : Math.ceil(others / 2) + 1;
  const more = others > 0 ? 200 + rows * fieldHeight : 0;
  const top = 20 + lines(heading, inner, large) + 16 + lines(intro, inner, body) + 28 + fieldHeight + 150;
  const bottom = lines(notice, inner, small) + 104 + (width < 540 ? 170 : 120);
  // Narrow columns lose more space at line ends than wide ones.
  return (top + sum(groups) + sum(boxes) + more + bottom) * (width < 540 ? 1.08 : 0.95);
}

const fieldHeight = 132;

function lines(text: string, width: number, { letter, line }: typeof body): number {
  return Math.ceil((text.length * letter) / width + 0.3) * line;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

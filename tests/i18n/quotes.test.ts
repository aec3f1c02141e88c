import { expect, it } from 'vitest';
import { quotedInside } from '#src/i18n/quotes.ts';

it.each([
  ['überall „Newsletter der Muster GmbH“', 'de', 'überall ‚Newsletter der Muster GmbH‘'],
  ['„Eins“ und „Zwei”', 'de', '‚Eins‘ und ‚Zwei‘'],
  ['“newsletter” everywhere', 'en', '‘newsletter’ everywhere'],
  ['nothing quoted', 'en', 'nothing quoted'],
] as const)('%s inside a quotation', (words, locale, expected) => {
  expect(quotedInside(words, locale)).toBe(expected);
});

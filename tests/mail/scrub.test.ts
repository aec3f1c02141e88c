import { describe, expect, it } from 'vitest';
import { scrub } from '#src/mail/scrub.ts';

describe('scrub', () => {
  it.each([
    ['550 <anna@example.org>: unknown user', '550 <(address)>: unknown user'],
    ['Invalid `to`: "jürgen.müller+x@xn--mller-kva.example"', 'Invalid `to`: "(address)"'],
    ['see https://mail.example/help?id=1 now', 'see (link) now'],
    ['token AgGiCjw5sXGTmc_1fkku56EAAAAA9sNj9L66mrAQByGYte032Q', 'token (…)'],
    ['two\r\nlines\tand\u0000more', 'two lines and more'],
    ['Subject "Bitte bestätigen" refused', 'Subject "(subject)" refused'],
  ])('makes %j fit to be kept', (words, expected) => {
    expect(scrub(words, 'Bitte bestätigen')).toBe(expected);
  });

  it('keeps no more than a few lines of it', () => {
    expect(scrub('x '.repeat(1000))).toHaveLength(300);
  });
});

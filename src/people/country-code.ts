import { getCountries } from 'libphonenumber-js/max';
import { locales } from '#src/i18n/locales.ts';
/** The ISO code of a country given as code, or by its German or English name. */
export function countryCode(written: string): string | undefined {
  if (countryNames.size < 100) {
    for (const language of locales) {
      const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
      for (const code of twoLetterCodes()) {
        const name = names.of(code);
        if (name) countryNames.set(name.toLowerCase(), code).set(code.toLowerCase(), code);
      }
    }
  }
  return countryNames.get(written.toLowerCase());
}

/** ISO 3166, two capital letters. */
export function isCountry(code: string): boolean {
  return countries.has(code);
}

const countries = new Set<string>(getCountries());

function twoLetterCodes(): string[] {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  return letters.flatMap((first) => letters.map((second) => first + second));
}

const countryNames = new Map<string, string>(
  Object.entries({ d: 'DE', a: 'AT', schweiz: 'CH', suisse: 'CH', svizzera: 'CH', austria: 'AT' }),
);

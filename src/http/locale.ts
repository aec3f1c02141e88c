import type { Locale } from '#db/schema.ts';
import type { Asked } from './asked.ts';

const locales: Locale[] = ['de', 'en'];

export function isLocale(value: unknown): value is Locale {
  return locales.some((locale) => locale === value);
}

/** `?lang=`, else `Accept-Language`, else `undefined`. */
export function wishedLocale(request: Asked): Locale | undefined {
  const asked = new URL(request.url).searchParams.get('lang');
  return isLocale(asked) ? asked : acceptedLocale(request);
}

/** The first of our languages that `Accept-Language` names, heaviest first. */
export function acceptedLocale(request: Asked): Locale | undefined {
  const ranges = (request.headers.get('accept-language') ?? '').split(',').map((range) => {
    const [tag = '', ...params] = range.trim().toLowerCase().split(';');
    const weight = params.map((param) => /^\s*q=([\d.]+)\s*$/.exec(param)?.[1]).find(Boolean);
    return { language: tag.split('-', 1)[0], weight: weight === undefined ? 1 : Number(weight) };
  });
  const wished = ranges.filter((range) => range.weight > 0).sort((a, b) => b.weight - a.weight);
  return wished.map((range) => range.language).find(isLocale);
}

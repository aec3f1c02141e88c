import type { Locale } from '#db/schema/vocabulary.ts';
import { defaultLocale, isLocale, locales } from '#src/i18n/locales.ts';
import type { RequestLike } from './request-like.ts';

/** `?lang=`, else `Accept-Language`, else `undefined`. */
export function wishedLocale(request: RequestLike): Locale | undefined {
  const asked = new URL(request.url).searchParams.get('lang');
  return isLocale(asked) ? asked : acceptedLocale(request);
}

/** The language for a reader: `?lang=`, else `Accept-Language`, else the default one. */
export function readerLocale(request: RequestLike): Locale {
  return wishedLocale(request) ?? defaultLocale;
}

/** The first of our languages that `Accept-Language` names, heaviest first. */
export function acceptedLocale(request: RequestLike): Locale | undefined {
  const ranges = (request.headers.get('accept-language') ?? '').split(',').map((range) => {
    const [tag = '', ...params] = range.trim().toLowerCase().split(';');
    const weight = params.map((param) => /^\s*q=([\d.]+)\s*$/.exec(param)?.[1]).find(Boolean);
    return { tag, weight: weight === undefined ? 1 : Number(weight) };
  });
  const wished = ranges.filter((range) => range.weight > 0).sort((a, b) => b.weight - a.weight);
  return wished.map(({ tag }) => localeFor(tag)).find(Boolean);
}

/** `de-AT` is that folder where there is one, else `de`. */
function localeFor(tag: string): Locale | undefined {
  return (
    locales.find((locale) => locale.toLowerCase() === tag) ??
    locales.find((one) => one === tag.split('-', 1)[0])
  );
}

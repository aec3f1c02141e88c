import type { APIContext } from 'astro';
import type { Locale } from '#db/schema/vocabulary.ts';
import { acceptedLocale } from '#src/http/locale.ts';
import { defaultLocale, isLocale } from '#src/i18n/locales.ts';

/** `?lang=`, else the member's own, else what the browser accepts. */
export function staffLocale({
  url,
  request,
  locals,
}: Pick<APIContext, 'url' | 'request' | 'locals'>): Locale {
  const asked = url.searchParams.get('lang');
  if (isLocale(asked)) return asked;
  return locals.staff?.actor.locale ?? acceptedLocale(request) ?? defaultLocale;
}

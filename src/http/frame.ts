import type { Locale } from '#db/schema/vocabulary.ts';
import type { PublishedForm } from '#src/forms/form-definition.ts';
import { isLocale } from '#src/i18n/locales.ts';
import { httpUrl } from './client.ts';
import type { Frame, Kiosk } from './form-address.ts';
import { acceptedLocale } from './locale.ts';
import type { RequestLike } from './request-like.ts';

export function isEmbedded(url: URL): boolean {
  return url.searchParams.get('embed') === '1';
}

/** What the address says about the frame around the page and its look. Each page passes it on to the next. */
export function frameOf(url: URL): Frame {
  const theme = url.searchParams.get('theme');
  const embedded = isEmbedded(url);
  return {
    embedded,
    kiosk: embedded ? undefined : kioskOf(url),
    theme: theme === 'light' || theme === 'dark' ? theme : undefined,
    compact: url.searchParams.has('compact'),
  };
}

function kioskOf(url: URL): Kiosk | undefined {
  const kiosk = url.searchParams.get('kiosk');
  if (!kiosk) return undefined;
  return { source: sourceOf(url), pass: /^[\w-]{20,100}$/.test(kiosk) ? kiosk : undefined };
}

const maxSourceLength = 200;

/** `?source=` without what the form would refuse: people follow links that they did not write. */
export function sourceOf(url: URL): string {
  const source = (url.searchParams.get('source') ?? '').replace(
    /[\p{C}\p{Default_Ignorable_Code_Point}]/gu,
    '',
  );
  return [...source].slice(0, maxSourceLength).join('').trim();
}

/** The page that shows the form in a frame, if the browser sends it. */
export function framingPage(request: RequestLike, baseUrl: string): string | null {
  const page = httpUrl(request.headers.get('referer'));
  // Behind a proxy that ends TLS, the URL of the request is not the one that people see.
  const own = [request.url, baseUrl].map((address) => new URL(address).origin);
  return page && !own.includes(new URL(page).origin) ? page : null;
}

/** The language to put into the next address; `undefined` where the next page would choose it anyway. */
export function namedLocale(request: RequestLike, form: PublishedForm, locale: Locale): Locale | undefined {
  return locale === (acceptedLocale(request) ?? form.defaultLocale) ? undefined : locale;
}

/** The language in the address, which the next address keeps. */
export function namedIn({ searchParams }: URL): Locale | undefined {
  const named = searchParams.get('lang');
  return isLocale(named) ? named : undefined;
}

/** Whether a person views the page now: no answer to a POST, and no prefetch. */
export function isSeen({ method, headers }: RequestLike): boolean {
  return method === 'GET' && !headers.get('sec-purpose')?.includes('prefetch');
}

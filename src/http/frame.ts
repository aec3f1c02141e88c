import type { Locale } from '#db/schema.ts';
import type { PublishedForm } from '#src/forms/form-definition.ts';
import { isLocale } from '#src/i18n/locales.ts';
import type { Asked } from './asked.ts';
import { webAddress } from './client.ts';
import type { Frame, Kiosk } from './form-address.ts';
import { acceptedLocale } from './locale.ts';

export function isEmbedded(url: URL): boolean {
  return url.searchParams.get('embed') === '1';
}

/** How the frame is to look, and that it is one, as the address says. It lives on from page to page. */
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

/** `?source=` without what the form would refuse: whoever follows a link did not write it. */
export function sourceOf(url: URL): string {
  const source = (url.searchParams.get('source') ?? '').replace(
    /[\p{C}\p{Default_Ignorable_Code_Point}]/gu,
    '',
  );
  return [...source].slice(0, maxSourceLength).join('').trim();
}

/** The page that shows the form in a frame, as far as its browser tells. */
export function framingPage(request: Asked, baseUrl: string): string | null {
  const page = webAddress(request.headers.get('referer'));
  // Behind TLS the request itself does not know under which address people see us.
  const own = [request.url, baseUrl].map((address) => new URL(address).origin);
  return page && !own.includes(new URL(page).origin) ? page : null;
}

/** The language to name in the next address: none where the next page would choose it by itself. */
export function namedLocale(request: Asked, form: PublishedForm, locale: Locale): Locale | undefined {
  return locale === (acceptedLocale(request) ?? form.defaultLocale) ? undefined : locale;
}

/** The language that the address names, which lives on with it. */
export function namedIn({ searchParams }: URL): Locale | undefined {
  const named = searchParams.get('lang');
  return isLocale(named) ? named : undefined;
}

/** Somebody looks at the page now: it is no answer to what was sent, and not fetched in case it will be wanted. */
export function isSeen({ method, headers }: Asked): boolean {
  return method === 'GET' && !headers.get('sec-purpose')?.includes('prefetch');
}

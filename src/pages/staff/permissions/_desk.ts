import type { APIContext } from 'astro';
import type { Channel } from '#db/schema/vocabulary.ts';
import { isLocale } from '#src/i18n/locales.ts';

export const channels: Channel[] = ['email', 'phone', 'sms', 'fax', 'post'];

/** The language that was asked for stays asked for. */
export function langOf({ url }: Pick<APIContext, 'url'>): Record<string, string> {
  const lang = url.searchParams.get('lang');
  return isLocale(lang) ? { lang } : {};
}

export const deskPaths = {
  lookUp: () => '/staff/permissions',
  expiry: () => '/staff/permissions/expiry',
  person: (contactPointId: string, query: Record<string, string> = {}) => {
    const search = new URLSearchParams(query).toString();
    return `/staff/permissions/${encodeURIComponent(contactPointId)}${search && `?${search}`}`;
  },
  scan: (contactPointId: string, sha256: string) => `/staff/permissions/${contactPointId}/scan/${sha256}`,
  attach: (contactPointId: string, sha256: string, query: Record<string, string> = {}) =>
    `/staff/permissions/${contactPointId}/scan/${sha256}/attach?${new URLSearchParams(query)}`,
  capture: (way: string, query: Record<string, string> = {}) => {
    const search = new URLSearchParams(query).toString();
    return `/staff/permissions/capture/${way}${search && `?${search}`}`;
  },
} as const;

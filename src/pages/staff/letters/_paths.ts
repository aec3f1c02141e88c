import type { APIContext } from 'astro';
import { isLocale } from '#src/i18n/locales.ts';

export const letterPaths = {
  queue: (query: Record<string, string> = {}) => withQuery('/staff/letters', query),
  run: (runId: string, query: Record<string, string> = {}) => withQuery(`/staff/letters/run/${runId}`, query),
  runPdf: (runId: string, query: Record<string, string> = {}) =>
    withQuery(`/staff/letters/run/${runId}/letters.pdf`, query),
  pdf: (letterId: string) => `/staff/letters/${letterId}.pdf`,
} as const;

/** The language that was asked for stays asked for. */
export function langOf({ url }: Pick<APIContext, 'url'>): Record<string, string> {
  const lang = url.searchParams.get('lang');
  return isLocale(lang) ? { lang } : {};
}

function withQuery(path: string, query: Record<string, string>): string {
  const search = new URLSearchParams(query).toString();
  return search ? `${path}?${search}` : path;
}

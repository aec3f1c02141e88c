import type { Locale } from '#db/schema/vocabulary.ts';
import { paths } from '#src/routes.ts';

/** What the addresses of a form's pages keep while a person goes from one to the next. */
export interface Walk {
  embedded: boolean;
  /** Only where the next page would choose another language. */
  lang?: Locale;
  again?: boolean;
  /** The look that the page around the frame asks for. */
  theme?: Theme;
  compact?: boolean;
  /** On a device at a stand, which people use one after the other. */
  kiosk?: Kiosk;
}

export interface Kiosk {
  /** The source that signups at this stand are counted under. */
  source: string;
  /** Signed at the desk: on its days the kiosk has a limit of its own instead of that of its network. */
  pass?: string;
}

/** How a form's pages are shown. */
export type Frame = Pick<Walk, 'embedded' | 'theme' | 'compact' | 'kiosk'>;

export type Theme = 'light' | 'dark';

export function formAddress(form: string, walk: Walk): string {
  return withWalk(paths.form(form), walk);
}

export function sentAddress(form: string, handle: string, walk: Walk): string {
  return withWalk(paths.formSent(form, handle === '' ? undefined : { s: handle }), walk);
}

function withWalk(path: string, { embedded, lang, again, theme, compact, kiosk }: Walk): string {
  const query = new URLSearchParams();
  if (lang) query.set('lang', lang);
  if (embedded) query.set('embed', '1');
  if (embedded && theme) query.set('theme', theme);
  if (embedded && compact) query.set('compact', '1');
  if (again) query.set('again', '1');
  if (kiosk) query.set('kiosk', kiosk.pass ?? '1');
  if (kiosk?.source) query.set('source', kiosk.source);
  if (query.size === 0) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

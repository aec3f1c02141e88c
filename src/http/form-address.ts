import type { Locale } from '#db/schema.ts';
import { paths } from '#src/routes.ts';

/** What of a form's address has to live on while a person walks through its pages. */
export interface Walk {
  embedded: boolean;
  /** Only where the next page would not find the language by itself. */
  lang?: Locale;
  again?: boolean;
  /** How the page around the frame wants it to look. */
  theme?: Theme;
  compact?: boolean;
  /** On a device at a stand, that many people use one after the other. */
  kiosk?: Kiosk;
}

export interface Kiosk {
  /** What the stand counts as; the next person's form has it again. */
  source: string;
  /** Signed at the desk: on its days it lifts the limit of the network to one of the kiosk's own. */
  pass?: string;
}

/** What all pages of a form have to know of how they are shown. */
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

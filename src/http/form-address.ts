import type { Locale } from '#db/schema.ts';
import { paths } from '#src/paths.ts';

/** What of a form's address has to live on while a person walks through its pages. */
export interface Walk {
  embedded: boolean;
  /** Only where the next page would not find the language by itself. */
  lang?: Locale;
  again?: boolean;
  /** How the page around the frame wants it to look. */
  theme?: Theme;
  compact?: boolean;
}

export type Theme = 'light' | 'dark';

export function formAddress(form: string, walk: Walk): string {
  return withWalk(paths.form(form), walk);
}

export function sentAddress(form: string, handle: string, walk: Walk): string {
  return withWalk(paths.formSent(form, handle), walk);
}

function withWalk(path: string, { embedded, lang, again, theme, compact }: Walk): string {
  const query = new URLSearchParams();
  if (lang) query.set('lang', lang);
  if (embedded) query.set('embed', '1');
  if (embedded && theme) query.set('theme', theme);
  if (embedded && compact) query.set('compact', '1');
  if (again) query.set('again', '1');
  if (query.size === 0) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

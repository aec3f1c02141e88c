import type { Locale } from '#db/schema/vocabulary.ts';
import { type FormFields, first } from '#src/forms/fields.ts';
import { defaultLocale, isLocale } from '#src/i18n/locales.ts';

/** How the preview beside the editor is looked at. */
export interface Preview {
  locale: Locale;
  look: 'light' | 'dark';
  width: 'narrow' | 'wide';
}

export function previewOf(fields: FormFields): Preview {
  const preview = first(fields, 'preview');
  return {
    locale: isLocale(preview) ? preview : defaultLocale,
    look: first(fields, 'look') === 'dark' ? 'dark' : 'light',
    width: first(fields, 'width') === 'narrow' ? 'narrow' : 'wide',
  };
}

export function previewIn(query: URLSearchParams): Preview {
  return previewOf(Object.fromEntries([...query].map(([name, value]) => [name, [value]])));
}

export function previewQuery({ locale, look, width }: Preview): URLSearchParams {
  return new URLSearchParams({ preview: locale, look, width });
}

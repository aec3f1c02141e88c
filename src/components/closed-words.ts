import type { Locale } from '#db/schema/vocabulary.ts';
import type { PublishedForm } from '#src/forms/form-definition.ts';
import { translator } from '#src/i18n/translate.ts';

/** What is said in place of a form that is closed. */
export function closedWords({ switches, archivedAt }: PublishedForm, locale: Locale): string {
  if (archivedAt !== null) return translator(locale)('forms.gone');
  return switches.closedWords?.[locale] || translator(locale)('running.closed.usual');
}

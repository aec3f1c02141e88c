import type { DescribedText } from '#src/consent-texts/describe-text.ts';
import type { MissingTranslation } from '#src/consent-texts/schedule-version.ts';
import { placeParts } from '#src/consent-texts/text-place.ts';
import { againWith, type OpenDesk, redirect } from '#src/desk/desk-action.ts';
import type { Again } from '#src/http/action-result.ts';
import { Problem } from '#src/http/problem.ts';
import { languageName } from '#src/i18n/names.ts';
import { paths } from '#src/routes.ts';

/** Where to go first, beside a fault that cannot be mended on the page itself. */
export interface NextStep {
  href: string;
  label: string;
}

export type Answer = Response | Again<NextStep | undefined>;
export type Refusal =
  | 'unknown_version'
  | 'wrong_state'
  | 'already_invalid'
  | 'already_stopped'
  | 'not_stopped'
  | 'own_stop';

export function done({ place }: DescribedText, version: string, what: string): Response {
  return redirect(paths.staffText(...placeParts(place), { version, done: what }));
}

export function lacking({ t }: OpenDesk, { place }: DescribedText, [one]: MissingTranslation[]): Answer {
  if (!one) throw new Problem(422);
  const language = languageName(one.locale, t.locale);
  const state = one.state === 'none' ? t('texts.missing') : t(`texts.state.${one.state}`);
  const forms = one.forms.join(', ');
  return refused(t('texts.fault.translation_missing', { language, state, forms }), {
    href: paths.staffText(...placeParts({ ...place, locale: one.locale })),
    label: t('texts.fault.translation_missing.link', { language }),
  });
}

export function refusal({ t }: OpenDesk, outcome: Refusal): Answer {
  if (outcome === 'unknown_version') throw new Problem(404);
  return refused(t(`texts.fault.${outcome}`));
}

export function refused(message: string, next?: NextStep): Answer {
  return againWith([{ field: 'acts', href: next?.href ?? '#acts', message }], next);
}

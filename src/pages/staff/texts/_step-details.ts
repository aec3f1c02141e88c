import type { Step } from '#src/consent-texts/steps.ts';
import { dateTimeText } from '#src/i18n/dates.ts';
import type { Translate } from '#src/i18n/translate.ts';

/** What a step left behind besides its note, in a few words. */
export function stepDetails(t: Translate, { details }: Step): string {
  const word = (name: string) => (typeof details[name] === 'string' ? details[name] : undefined);
  const list = (name: string) => (Array.isArray(details[name]) ? details[name].map(String) : []);
  const change = word('change');
  const publishAt = word('publish_at');
  return [
    change === 'material' || change === 'editorial' ? t(`texts.change.${change}`) : undefined,
    publishAt && t('texts.scheduled_for', { at: dateTimeText(publishAt, t.locale) }),
    word('rule'),
    list('rules').join(', '),
    list('forms').length > 0 ? t('texts.step.forms', { forms: list('forms').join(', ') }) : undefined,
    word('sha256')?.slice(0, 12),
  ]
    .filter(Boolean)
    .join(' · ');
}

import type { Basis } from '#db/schema/vocabulary.ts';
import type { Translate } from '#src/i18n/translate.ts';
import type { StoryEvent } from '../story-events.ts';

/** What happened, in a few words. Only a consent is called one. */
export function eventTitle(event: StoryEvent, t: Translate): string {
  const { kind, basis, origin, use } = event;
  if (kind === 'used' && use?.campaign) return t('proof.event.used_for', { campaign: use.campaign });
  if (kind === 'withdrawn' && basis !== 'consent') return t('proof.event.withdrawn.other');
  if (kind === 'granted' && basis !== 'consent') return t(`proof.event.granted_other.${basis}`);
  if (kind === 'requested') {
    const from = requestOrigins.find((one) => one === origin);
    return from ? t(`proof.event.requested.${from}`) : t('proof.event.requested');
  }
  return t(`proof.event.${kind}`);
}

const requestOrigins = ['web_form', 'preference_centre', 'staff', 'api'] as const;

/** Those that make a permission hold. */
export function isGrant({ kind }: StoryEvent): boolean {
  return kind === 'granted' || kind === 'confirmed' || kind === 'imported' || kind === 'renewed';
}

export function isConsent(basis: Basis | null): boolean {
  return basis === null || basis === 'consent';
}

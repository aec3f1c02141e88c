import { exactTimeText } from '#src/i18n/dates.ts';
import type { Translate } from '#src/i18n/translate.ts';
import type { Story, StoryPermission } from '../story.ts';
import type { StoryGround } from '../story-events.ts';
import { isConsent, isGrant } from './tell-event.ts';
import { missingIn } from './tell-fields.ts';

/**
 * Why a granted permission could not be used at the time, in a few words; `undefined` if nothing in its story stands against
 * it. The decision service weighs more: who asks, and under which law.
 */
export function findObstacle(story: Story, permission: StoryPermission, t: Translate): string | undefined {
  if (permission.state !== 'granted') return undefined;
  const grant = story.events.findLast((event) => event.permissionId === permission.id && isGrant(event));
  const text = story.texts.find(({ id }) => id === permission.textId);
  if (blockOf(story, permission)) return t('proof.obstacle.blocked');
  if (isRestricted(story)) return t('proof.obstacle.restricted');
  if (text?.invalidatedAt) {
    return t('proof.obstacle.invalid', { at: exactTimeText(text.invalidatedAt, t.locale) });
  }
  const ground = grant?.ground;
  const what = missingIn(ground ?? null, t).join(', ');
  if (ground && ground.missingEvidence.length > 0) return t('proof.obstacle.missing', { what });
  if (ground && ground.missing7a.length > 0 && isConsumerCall(permission, ground)) {
    return t('proof.obstacle.missing_7a', { what });
  }
  if (isConsent(permission.basis) && permission.grade === 'D') return t('proof.obstacle.not_verified');
  if (permission.validUntil !== null && permission.validUntil <= story.at) return t('proof.obstacle.over');
  return undefined;
}

/** § 7a UWG asks for a record of consents to calls. */
function isConsumerCall({ channel, basis }: StoryPermission, { audience }: StoryGround): boolean {
  return channel === 'phone' && basis === 'consent' && audience !== 'business';
}

/** A block of the address that held then. `not_me` stops confirmation mails only. */
function blockOf({ blocks, at }: Story, { channel, purpose }: StoryPermission): boolean {
  return blocks.some(
    (block) =>
      block.channel === channel &&
      block.reason !== 'not_me' &&
      (block.purpose === null || block.purpose === purpose.key) &&
      block.liftedAt === null &&
      (block.until === null || block.until > at),
  );
}

function isRestricted({ personEvents, at }: Story): boolean {
  const last = personEvents.findLast(
    ({ kind, occurredAt }) => kind !== 'register_checked' && occurredAt <= at,
  );
  return last?.kind === 'restricted';
}

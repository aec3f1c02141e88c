import { exactTimeText } from '#src/i18n/dates.ts';
import type { Translate } from '#src/i18n/translate.ts';
import type { Story, StoryPermission } from '../story.ts';
import type { StoryEvent } from '../story-events.ts';
import type { Step } from './sheet.ts';
import { actionText, actorText } from './tell-actor.ts';
import { blockLines, personLines, textLines } from './tell-around.ts';
import { eventTitle, isConsent, isGrant } from './tell-event.ts';

/** At most so many on the first page. */
const most = 5;

/** What happened after the newest grant; one sentence when nothing did. */
export function describeSince(story: Story, permission: StoryPermission, t: Translate): Step[] | string {
  const own = story.events.filter(({ permissionId }) => permissionId === permission.id);
  const grant = own.findLast(isGrant);
  const from = grant?.occurredAt ?? own[0]?.occurredAt ?? '';
  const after = own.slice(own.findIndex(({ id }) => id === (grant ?? own[0])?.id) + 1);
  const uses = after.filter(({ kind }) => kind === 'used');
  const text = story.texts.filter(({ id }) => id === permission.textId);
  const around = [...blockLines(story, t), ...personLines(story, t), ...textLines(text, t)].filter(
    ({ at, isChange }) => isChange && at > from,
  );
  const changes: Step[] = [
    ...after.filter(({ kind }) => kind !== 'used').map((event) => stepOf(event, t)),
    ...around.map(({ at, what }) => ({ at, title: what, details: [] })),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
  const lastUse = uses.at(-1);
  const used = lastUse
    ? [
        {
          at: lastUse.occurredAt,
          title: t('proof.since.uses', {
            count: uses.length,
            at: exactTimeText(lastUse.occurredAt, t.locale),
          }),
          details: [],
        },
      ]
    : [];
  const nothing = t(isConsent(permission.basis) ? 'proof.since.nothing' : 'proof.since.nothing_objected');
  if (changes.length + used.length === 0) return nothing;
  if (changes.length === 0) return [...used, { at: story.at, title: nothing, details: [] }];
  return [...newest(changes, t), ...used];
}

/** The newest few; the first line says how many more there are. */
function newest(changes: Step[], t: Translate): Step[] {
  const shown = changes.slice(-most);
  const left = changes.length - shown.length;
  const [first] = changes;
  if (left === 0 || !first) return shown;
  return [{ at: first.at, title: t('proof.since.more', { count: left }), details: [] }, ...shown];
}

function stepOf(event: StoryEvent, t: Translate): Step {
  const reason = event.fields.find(({ name }) => name === 'reason')?.value ?? '';
  return {
    at: event.occurredAt,
    title: eventTitle(event, t),
    details: [actionText(event, t), reason, actorText(event.by, t)].filter(Boolean),
  };
}

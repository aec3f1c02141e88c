import type { Translate } from '#src/i18n/translate.ts';
import type { StoryActor, StoryEvent } from '../story-events.ts';

/** Who did it, in words. */
export function actorText({ kind, name }: StoryActor, t: Translate): string {
  if (kind === 'staff' || kind === 'key') return t(`proof.who.${kind}`, { name: name ?? '' });
  return t(`proof.who.${kind}`);
}

/** Which button or way was used. What is not known by name stays as it was recorded. */
export function actionText(
  { evidence, fields }: Pick<StoryEvent, 'evidence' | 'fields'>,
  t: Translate,
): string {
  const action = evidence?.content?.action ?? '';
  const name = actions[action];
  if (name) return t(`proof.action.${name}`);
  const how = /^withdrawal: (\w+)$/.exec(action)?.[1] ?? fields.find((one) => one.name === 'how')?.value;
  const way = ways.find((one) => one === how);
  return way ? t(`desk.withdraw.how.${way}`) : action;
}

const actions: Record<string, ActionName | undefined> = {
  'POST form': 'form',
  'POST action=confirm': 'confirm',
  'POST code': 'code',
  'POST action=reject': 'reject',
  'POST action=undo': 'undo',
  'POST preferences': 'preferences',
  'POST action=withdraw-all': 'withdraw_all',
  'POST List-Unsubscribe=One-Click': 'one_click',
  'POST unsubscribe page': 'unsubscribe',
  capture: 'capture',
};

type ActionName =
  | 'form'
  | 'confirm'
  | 'code'
  | 'reject'
  | 'undo'
  | 'preferences'
  | 'withdraw_all'
  | 'one_click'
  | 'unsubscribe'
  | 'capture';

const ways = ['telephone', 'letter', 'email', 'talk'] as const;

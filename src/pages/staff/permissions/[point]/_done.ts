import type { DecidedCell } from '#src/decisions/decide-cells.ts';
import type { PlainKey, Translate } from '#src/i18n/translate.ts';
import { whyOf } from '../_decisions.ts';

/** What has just been done, in words, by the answer's own query. It names no address. */
export function doneSentences(
  query: URLSearchParams,
  cells: DecidedCell[],
  contactPointId: string,
  t: Translate,
): string[] {
  const done = query.get('done') ?? '';
  const notified = notifiedText(query.get('told'), t);
  const plain = plainSentences[done];
  if (plain) return plain.notifies ? [t(plain.key), notified] : [t(plain.key)];
  const what = (query.get('what') ?? '').split(',');
  const touched = cells.filter(({ purpose, channel }) => what.includes(`${purpose}:${channel}`));
  const names = [...new Set(touched.map((cell) => nameOf(cell, t)))].join('; ');
  if (done === 'withdrawn') {
    if (query.get('blocked') === '1') return [t('desk.blocked')];
    return names ? [t('desk.withdrawn', { what: names }), notified] : [t('desk.withdrawn.nothing')];
  }
  if (done === 'refused') return [t('desk.captured.refused', { what: names }), notified];
  // Of two numbers on one channel the page is about one.
  const cell = touched.find((one) => one.contactPointId === contactPointId) ?? touched[0];
  if ((done !== 'captured' && done !== 'corrected') || !cell) return [];
  return [
    ...(done === 'corrected' ? [t('correct.done')] : []),
    ...capturedSentences(cell, names, { notified, isMailed: query.get('told') === 'mail' }, t),
  ];
}

/** What was done to the person as a whole. `notifies`: how they hear of it is said as well. */
const plainSentences: Record<string, { key: PlainKey; notifies?: true } | undefined> = {
  taken_back: { key: 'correct.done.taken_back', notifies: true },
  letter: { key: 'letters.person.queued' },
  restricted: { key: 'restriction.done', notifies: true },
  unrestricted: { key: 'restriction.done.lifted', notifies: true },
  restriction_nothing: { key: 'restriction.done.nothing' },
  links_revoked: { key: 'desk.links.done' },
  scan: { key: 'attach.done' },
  scan_kept: { key: 'attach.kept' },
  register: { key: 'register.done' },
  block_lifted: { key: 'desk.blocks.lifted' },
  block_nothing: { key: 'desk.blocks.nothing' },
};

function capturedSentences(
  cell: DecidedCell,
  names: string,
  { notified, isMailed }: { notified: string; isMailed: boolean },
  t: Translate,
): string[] {
  if (cell.decision?.allowed) return [t('desk.captured.usable', { what: names }), notified];
  const why = cell.decision ? whyOf(cell.decision, t) : '';
  const isAsked = cell.state === 'pending' && isMailed;
  return [t('desk.captured.unusable', { what: names, why }), isAsked ? t('desk.captured.asked') : notified];
}

function notifiedText(channel: string | null, t: Translate): string {
  if (channel === 'mail') return t('desk.mailed');
  return t(channel === 'letter' ? 'letters.told' : 'desk.not_mailed');
}

function nameOf({ title, channel }: DecidedCell, t: Translate): string {
  return t('desk.withdraw.one', { purpose: title, channel: t(`channel.${channel}`) });
}

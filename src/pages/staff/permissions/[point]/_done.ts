import type { DecidedCell } from '#src/decisions/decide-cells.ts';
import type { Translate } from '#src/i18n/translate.ts';
import { whyOf } from '../_decisions.ts';

/** What has just been done, in words, by the answer's own query. It names no address. */
export function doneSentences(
  query: URLSearchParams,
  cells: DecidedCell[],
  contactPointId: string,
  t: Translate,
): string[] {
  const done = query.get('done');
  const what = (query.get('what') ?? '').split(',');
  const touched = cells.filter(({ purpose, channel }) => what.includes(`${purpose}:${channel}`));
  const names = [...new Set(touched.map((cell) => nameOf(cell, t)))].join('; ');
  const told = toldText(query.get('told'), t);
  if (done === 'taken_back') return [t('correct.done.taken_back'), told];
  if (done === 'letter') return [t('letters.person.queued')];
  if (done === 'restricted') return [t('restriction.done'), told];
  if (done === 'unrestricted') return [t('restriction.done.lifted'), told];
  if (done === 'restriction_nothing') return [t('restriction.done.nothing')];
  if (done === 'links_revoked') return [t('desk.links.done')];
  if (done === 'scan') return [t('attach.done')];
  if (done === 'scan_kept') return [t('attach.kept')];
  if (done === 'register') return [t('register.done')];
  if (done === 'block_lifted') return [t('desk.blocks.lifted')];
  if (done === 'block_nothing') return [t('desk.blocks.nothing')];
  if (done === 'withdrawn') {
    if (query.get('blocked') === '1') return [t('desk.blocked')];
    return names ? [t('desk.withdrawn', { what: names }), told] : [t('desk.withdrawn.nothing')];
  }
  if (done === 'refused') return [t('desk.captured.refused', { what: names }), told];
  // Of two numbers on one channel the page is about one.
  const cell = touched.find((one) => one.contactPointId === contactPointId) ?? touched[0];
  if ((done !== 'captured' && done !== 'corrected') || !cell) return [];
  const mended = done === 'corrected' ? [t('correct.done')] : [];
  if (cell.decision?.allowed) return [...mended, t('desk.captured.usable', { what: names }), told];
  const why = cell.decision ? whyOf(cell.decision, t) : '';
  const kept = t('desk.captured.unusable', { what: names, why });
  return [
    ...mended,
    kept,
    cell.state === 'pending' && query.get('told') === 'mail' ? t('desk.captured.asked') : told,
  ];
}

function toldText(told: string | null, t: Translate): string {
  if (told === 'mail') return t('desk.mailed');
  return t(told === 'letter' ? 'letters.told' : 'desk.not_mailed');
}

function nameOf({ title, channel }: DecidedCell, t: Translate): string {
  return t('desk.withdraw.one', { purpose: title, channel: t(`channel.${channel}`) });
}

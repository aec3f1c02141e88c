import { exactTimeText, preciseTimeText } from '#src/i18n/dates.ts';
import type { Translate } from '#src/i18n/translate.ts';
import type { Story } from '../story.ts';
import { logPlacesIn } from './proof-of-log.ts';
import { isGrant } from './tell-event.ts';
import { missingIn } from './tell-fields.ts';

/** Why a reader may believe the sheet, in a few sentences. `annex`: the letter of the one about the log. */
export function describeBelief(story: Story, annex: string, t: Translate): string[] {
  const { checkpoint } = story;
  const places = logPlacesIn(story).map(({ index }) => index);
  return [
    t('proof.belief.log'),
    ...(places.length > 0
      ? [t('proof.belief.entries', { count: places.length, range: rangeText(places) })]
      : []),
    ...(checkpoint
      ? [
          t('proof.belief.checkpoint', {
            origin: checkpoint.origin,
            at: preciseTimeText(checkpoint.at, t.locale),
            size: checkpoint.size,
            root: `${checkpoint.root.slice(0, 16)}…`,
          }),
        ]
      : []),
    ...story.outside.map(({ kind, name, at }) => {
      const when = preciseTimeText(at, t.locale);
      return kind === 'stamp'
        ? t('proof.belief.stamp', { at: when })
        : t('proof.belief.witness', { at: when, name: name ?? '' });
    }),
    t('proof.belief.check', { letter: annex }),
  ];
}

/** "7–12, 15": neighbours are drawn together; of many, only the first and the last are named. */
function rangeText(indices: number[]): string {
  const runs: [number, number][] = [];
  for (const index of indices) {
    const last = runs.at(-1);
    if (last && last[1] + 1 === index) last[1] = index;
    else runs.push([index, index]);
  }
  const [first, last] = [runs[0]?.[0], runs.at(-1)?.[1]];
  if (runs.length > 8) return `${first}–${last}`;
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(', ');
}

/** What the sheet does not show. A sheet that says so itself is believed in the rest. */
export function describeLimits(story: Story, t: Translate): string[] {
  const { checkpoint, texts } = story;
  const grants = story.permissions.flatMap(
    ({ id }) => story.events.findLast((event) => event.permissionId === id && isGrant(event)) ?? [],
  );
  const bases = story.permissions.map(({ basis }) => basis);
  const byMail = grants.some(({ kind, grade }) => kind === 'confirmed' && grade === 'A');
  const claimed = grants.filter(({ grade }) => grade === 'claimed');
  const missing = grants.flatMap(({ ground }) => missingIn(ground, t));
  const source = claimed[0]?.ground?.record.source;
  const open = checkpoint !== null && logPlacesIn(story).some(({ index }) => index >= checkpoint.size);
  return [
    ...(byMail ? [t('proof.limit.mailbox')] : []),
    ...(claimed.length > 0
      ? [source ? t('proof.limit.claimed_by', { source }) : t('proof.limit.claimed')]
      : []),
    ...(bases.includes('presumed') ? [t('proof.limit.presumed')] : []),
    ...(story.files.some(({ stored }) => stored === null) ? [t('proof.limit.elsewhere')] : []),
    ...(grants.some(({ grade }) => grade === 'D') ? [t('proof.limit.not_verified')] : []),
    ...(missing.length > 0 ? [t('proof.limit.missing', { what: [...new Set(missing)].join(', ') })] : []),
    ...(story.events.some(({ evidence }) => evidence?.content === null) ? [t('proof.limit.erased')] : []),
    ...texts.flatMap(({ invalidatedAt, invalidReason }) =>
      invalidatedAt
        ? [
            t('proof.limit.invalid', {
              at: exactTimeText(invalidatedAt, t.locale),
              reason: invalidReason ?? '',
            }),
          ]
        : [],
    ),
    ...(open ? [t('proof.limit.open_entries')] : []),
    ...(checkpoint === null ? [t('proof.limit.unsigned')] : []),
    ...(checkpoint !== null && story.outside.length === 0 ? [t('proof.limit.no_witness')] : []),
  ];
}

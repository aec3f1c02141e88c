import type { Db } from '#db/connect.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { nonUseMonths } from '#src/decisions/age.ts';
import { germanRules } from '#src/decisions/rules.ts';
import { isoOf } from '#src/decisions/time.ts';
import { addMonths } from '#src/purposes/months.ts';

/** One purpose on one channel, and what its permissions need to be usable. */
export interface Place {
  purposeId: string;
  purpose: string;
  title: string;
  channel: Channel;
  /** Permissions without a use since then are unusable; '' where the rules set no end. */
  unusedSince: string;
  /** The letters of the evidence grades that are too weak here. */
  weakGrades: string;
}

/** Every purpose on each of its channels, in the order of the purposes. */
export async function readPlaces(db: Db, locale: Locale, now: Date): Promise<Place[]> {
  const rows = await db
    .selectFrom('purpose_channels')
    .innerJoin('purposes', 'purposes.id', 'purpose_channels.purpose_id')
    .innerJoin('purpose_translations as words', (join) =>
      join.onRef('words.purpose_id', '=', 'purposes.id').on('words.locale', '=', locale),
    )
    .select(['purposes.id', 'purposes.key', 'words.title'])
    .select(['purpose_channels.channel', 'purpose_channels.deny_months'])
    .orderBy('purposes.position')
    .orderBy('purposes.id')
    .execute();
  const order = Object.keys(germanRules.cells);
  return rows
    .toSorted((a, b) => (a.id === b.id ? order.indexOf(a.channel) - order.indexOf(b.channel) : 0))
    .map((row) => ({
      purposeId: row.id,
      purpose: row.key,
      title: row.title,
      channel: row.channel,
      unusedSince: unusedSince(row.channel, row.deny_months, now),
      weakGrades: weakGrades(row.channel),
    }));
}

const { policy, cells } = germanRules;

function unusedSince(channel: Channel, own: number | null, now: Date): string {
  const limits = nonUseMonths(policy.nonUse[channel], { flagMonths: null, denyMonths: own });
  return limits ? isoOf(addMonths(now.getTime(), -limits.denyMonths)) : '';
}

/** For consumers, the default audience of decisions. */
function weakGrades(channel: Channel): string {
  const proofs = cells[channel].consumer.consent.proofs.filter((one) => !one.policy || policy[one.policy]);
  if (proofs.some(({ grade }) => grade === 'none')) return '';
  return ['A', 'B', 'C', 'D'].filter((grade) => proofs.every((one) => grade > one.grade)).join('');
}

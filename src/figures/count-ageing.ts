import { sql } from 'kysely';
import type { Db } from '#db/connect.ts';
import type { Basis, Channel } from '#db/schema/vocabulary.ts';
import { nonUseMonths } from '#src/decisions/age.ts';
import { germanRules } from '#src/decisions/rules.ts';
import { addMonths } from '#src/purposes/months.ts';

/** How old the granted permissions for one purpose on one channel are, to the day. */
export interface Ageing {
  purpose: string;
  channel: Channel;
  /** All granted permissions. The other counts are among them. */
  standing: number;
  /** Unused for long, still allowed. */
  flagged: number;
  /** Unused for too long: decisions deny them. */
  denied: number;
  /** Ending by their own terms within 30 and 90 days. */
  endingIn30Days: number;
  endingIn90Days: number;
}

/**
 * Counts ageing permissions for the desk by the limits of decisions (those of Germany, where the purpose sets none of its
 * own). One pass over the permissions, however many there are.
 */
export async function countAgeing(db: Db, now: Date): Promise<Ageing[]> {
  const rows = await grantedByDay(db);
  const places = Map.groupBy(rows, ({ key, channel }) => `${key} ${channel}`);
  const daysAhead = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  return [...places.values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const sum = (matches: (row: GrantedRow) => boolean) =>
      own.filter(matches).reduce((all, { count }) => all + Number(count), 0);
    const age = (row: GrantedRow) => ageOf(row, now);
    return [
      {
        purpose: first.key,
        channel: first.channel,
        standing: sum(() => true),
        flagged: sum((row) => age(row) === 'flagged'),
        denied: sum((row) => age(row) === 'denied'),
        endingIn30Days: sum(({ ends }) => ends !== null && ends <= daysAhead(30)),
        endingIn90Days: sum(({ ends }) => ends !== null && ends <= daysAhead(90)),
      },
    ];
  });
}

interface GrantedRow {
  key: string;
  position: number;
  channel: Channel;
  basis: Basis | null;
  flag_months: number | null;
  deny_months: number | null;
  /** The day of the last use, or of the grant. */
  last: string;
  /** The day of the promised end. */
  ends: string | null;
  count: number | string;
}

async function grantedByDay(db: Db): Promise<GrantedRow[]> {
  const last = sql<string>`substr(case when permissions.last_used_at > permissions.granted_at
    then permissions.last_used_at else permissions.granted_at end, 1, 10)`;
  const ends = sql<string | null>`substr(permissions.valid_until, 1, 10)`;
  const days = await db
    .selectFrom('permissions')
    .select(['purpose_id', 'channel', 'basis'])
    .select((eb) => [last.as('last'), ends.as('ends'), eb.fn.countAll().as('count')])
    .where('state', '=', 'granted')
    .groupBy(['purpose_id', 'channel', 'basis', last, ends])
    .execute();
  const places = await db
    .selectFrom('purposes')
    .innerJoin('purpose_channels', 'purpose_channels.purpose_id', 'purposes.id')
    .select(['purposes.id', 'purposes.key', 'purposes.position', 'purpose_channels.channel'])
    .select(['purpose_channels.flag_months', 'purpose_channels.deny_months'])
    .where('purposes.retired_at', 'is', null)
    .orderBy('purposes.position')
    .execute();
  return places.flatMap((place) =>
    days
      .filter(({ purpose_id, channel }) => purpose_id === place.id && channel === place.channel)
      .map(({ basis, last, ends, count }) => ({ ...place, basis, last, ends, count: Number(count) })),
  );
}

function ageOf(row: GrantedRow, now: Date): 'fresh' | 'flagged' | 'denied' {
  const limits = limitsOf(row);
  if (!limits) return 'fresh';
  const hasPassed = (months: number) => addMonths(Date.parse(row.last), months) <= now.getTime();
  if (hasPassed(limits.denyMonths)) return 'denied';
  return hasPassed(limits.flagMonths) ? 'flagged' : 'fresh';
}

/** Null: does not age. */
function limitsOf({ basis, channel, flag_months, deny_months }: GrantedRow) {
  const { nonUse, existingCustomerMonths, presumedMonths } = germanRules.policy;
  const halfway = (denyMonths: number) => ({ flagMonths: denyMonths / 2, denyMonths });
  if (basis === 'existing_customer') return halfway(existingCustomerMonths);
  if (basis === 'presumed') return halfway(presumedMonths);
  if (basis !== 'consent') return null;
  return nonUseMonths(nonUse[channel], { flagMonths: flag_months, denyMonths: deny_months });
}

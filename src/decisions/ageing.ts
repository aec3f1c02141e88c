import { sql } from 'kysely';
import type { Db } from '#db/connect.ts';
import type { Basis, Channel } from '#db/schema.ts';
import { addMonths } from '#src/purposes/months.ts';
import { contactRules } from './rules.ts';

/** How old the permissions for one purpose on one channel are, to the day. */
export interface Ageing {
  purpose: string;
  channel: Channel;
  /** Given and not ended. The others below are among them. */
  standing: number;
  /** Unused for so long that it is pointed out, and still used. */
  flagged: number;
  /** Unused for too long: decisions say no. */
  denied: number;
  /** Their own words end them within 30 days, and within 90. */
  endingIn30Days: number;
  endingIn90Days: number;
}

/**
 * Counts what grows old, for the dashboard and the desk, by the same limits as decisions (those of Germany, as far
 * as the purpose sets none of its own). One pass over the permissions, whatever their number.
 */
export async function countAgeing(db: Db, now: Date): Promise<Ageing[]> {
  const rows = await standingByDay(db);
  const places = Map.groupBy(rows, ({ key, channel }) => `${key} ${channel}`);
  const soon = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  return [...places.values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const sum = (which: (row: StandingRow) => boolean) =>
      own.filter(which).reduce((all, { count }) => all + Number(count), 0);
    const age = (row: StandingRow) => ageOf(row, now);
    return [
      {
        purpose: first.key,
        channel: first.channel,
        standing: sum(() => true),
        flagged: sum((row) => age(row) === 'flagged'),
        denied: sum((row) => age(row) === 'denied'),
        endingIn30Days: sum(({ ends }) => ends !== null && ends <= soon(30)),
        endingIn90Days: sum(({ ends }) => ends !== null && ends <= soon(90)),
      },
    ];
  });
}

interface StandingRow {
  key: string;
  position: number;
  channel: Channel;
  basis: Basis | null;
  flag_months: number | null;
  deny_months: number | null;
  /** The days of the last use, or of the yes, and of the promised end. */
  last: string;
  ends: string | null;
  count: number | string;
}

async function standingByDay(db: Db): Promise<StandingRow[]> {
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
      .map((day) => ({
        ...place,
        basis: day.basis,
        last: day.last,
        ends: day.ends,
        count: Number(day.count),
      })),
  );
}

function ageOf(row: StandingRow, now: Date): 'fresh' | 'flagged' | 'denied' {
  const limits = limitsOf(row);
  if (!limits) return 'fresh';
  const passed = (months: number) => addMonths(Date.parse(row.last), months) <= now.getTime();
  if (passed(limits.deny)) return 'denied';
  return passed(limits.flag) ? 'flagged' : 'fresh';
}

/** Null: does not grow old. */
function limitsOf({ basis, channel, flag_months, deny_months }: StandingRow) {
  const { nonUse, existingCustomerMonths, presumedMonths } = contactRules.DE.policy;
  if (basis === 'existing_customer')
    return { flag: existingCustomerMonths / 2, deny: existingCustomerMonths };
  if (basis === 'presumed') return { flag: presumedMonths / 2, deny: presumedMonths };
  const usual = nonUse[channel];
  if (!usual || basis !== 'consent') return null;
  const deny = Math.min(deny_months ?? usual.denyMonths, usual.limitMonths);
  return { deny, flag: Math.min(flag_months ?? usual.flagMonths, deny) };
}

import { sql } from 'kysely';
import type { Db } from '#db/connect.ts';
import type { Basis, Channel } from '#db/schema/vocabulary.ts';
import { addMonths } from '#src/purposes/months.ts';

/** § 7a (2) UWG: five years from the consent, and from each use. */
const phoneMonths = 60;

export interface EndedPermission {
  channel: Channel;
  basis: Basis | null;
  grantedAt: string;
  lastUsedAt: string | null;
  /** When it was withdrawn or expired. */
  endedAt: string;
  /** Set at the purpose; default 3. */
  proofYears: number;
}

/**
 * Until when to keep the proof of an ended permission (law.md 3.8): the end of the third year after the year of the
 * last use or the end; for calls at least five years from the last use. The proof of a permission in force is always
 * kept.
 */
export function proofRetainedUntil(ended: EndedPermission): string {
  const { channel, basis, grantedAt, lastUsedAt, endedAt, proofYears } = ended;
  const last = later(lastUsedAt ?? endedAt, endedAt);
  // The last moment of the year in German time.
  const year = new Date(Date.UTC(yearInGermany(last) + proofYears, 11, 31, 22, 59, 59, 999)).toISOString();
  if (channel !== 'phone' || basis !== 'consent') return year;
  const used = Date.parse(later(lastUsedAt ?? grantedAt, grantedAt));
  return later(year, new Date(addMonths(used, phoneMonths)).toISOString());
}

export interface DueProofs {
  purpose: string;
  channel: Channel;
  /** Ended; the retention period is running. */
  kept: number;
  /** The retention period is over. */
  due: number;
}

/** Proofs of ended permissions, by purpose and channel. */
export async function countProofs(db: Db, now: Date): Promise<DueProofs[]> {
  const day = (column: 'granted_at' | 'since') =>
    sql<string | null>`substr(${sql.ref(`permissions.${column}`)}, 1, 10)`;
  // Every call counts for § 7a, including calls that were not allowed.
  const used = sql<string | null>`(SELECT substr(max(uses.used_at), 1, 10) FROM uses
    WHERE uses.permission_id = permissions.id)`;
  const rows = await db
    .selectFrom('permissions')
    .innerJoin('purposes', 'purposes.id', 'permissions.purpose_id')
    .select(['purposes.key', 'purposes.position', 'purposes.proof_years'])
    .select(['permissions.channel', 'permissions.basis'])
    .select((eb) => [
      day('granted_at').as('granted'),
      used.as('used'),
      day('since').as('ended'),
      eb.fn.countAll().as('count'),
    ])
    .where('permissions.state', 'in', ['withdrawn', 'expired', 'refused'])
    .where('permissions.granted_at', 'is not', null)
    .groupBy(['purposes.key', 'purposes.position', 'purposes.proof_years'])
    .groupBy(['permissions.channel', 'permissions.basis'])
    .groupBy([day('granted_at'), used, day('since')])
    .orderBy('purposes.position')
    .execute();
  const places = Map.groupBy(rows, ({ key, channel }) => `${key} ${channel}`);
  return [...places.values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const total = (some: typeof own) => some.reduce((all, { count }) => all + Number(count), 0);
    const due = own.filter((row) => {
      const [grantedAt, endedAt] = [`${row.granted}T23:59:59.999Z`, `${row.ended}T23:59:59.999Z`];
      const lastUsedAt = row.used && `${row.used}T23:59:59.999Z`;
      const { channel, basis, proof_years: proofYears } = row;
      return (
        proofRetainedUntil({ channel, basis, grantedAt, lastUsedAt, endedAt, proofYears }) < now.toISOString()
      );
    });
    return [{ purpose: first.key, channel: first.channel, kept: total(own) - total(due), due: total(due) }];
  });
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}

function yearInGermany(iso: string): number {
  return Number(
    new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', year: 'numeric' }).format(new Date(iso)),
  );
}

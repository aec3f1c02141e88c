import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#db/connect.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import { calendarDay } from '#src/i18n/dates.ts';
import { addDays } from './period.ts';
import type { Place } from './read-places.ts';

/** How many addresses may be contacted for one purpose on one channel, and why others with a permission may not. */
export interface Contactable extends Place {
  allowed: number;
  /** Insufficient evidence: the number was never confirmed, or the text was declared invalid. */
  unproven: number;
  unused: number;
  blocked: number;
  contactable: number;
  /** The change of `allowed` in the last seven days. */
  change: number;
}

/**
 * Counted from counters and indexes, never row by row: the decision about an address is made when it is used. Always the
 * current numbers, so there is no period.
 *
 * CROSS JOIN keeps SQLite from reading all permissions first: it joins in the order as written.
 */
export async function readContactable(db: Db, places: Place[], now: Date): Promise<Contactable[]> {
  if (places.length === 0) return [];
  const limits = placesTable(places);
  const [allowed, unproven, invalid, unused, blocked] = await Promise.all([
    grantedCounts(db, addDays(calendarDay(now), -6)),
    countsOf(sql`SELECT place.purpose_id, place.channel, count(*) AS count FROM ${limits} AS place
      INNER JOIN permissions AS one ON ${ofPlace} AND one.settled_state = 'granted' AND one.evidence_grade <> 'A'
      WHERE ${isWeak} GROUP BY place.purpose_id, place.channel`).read(db),
    countsOf(sql`SELECT text.purpose_id, text.channel, sum(counted.count) AS count FROM (
        SELECT text_version_id, state, count FROM permission_counts
        UNION ALL SELECT text_version_id, state, change FROM permission_count_changes) AS counted
      INNER JOIN consent_text_versions AS version ON version.id = counted.text_version_id
      INNER JOIN consent_texts AS text ON text.id = version.text_id
      WHERE version.invalidated_at IS NOT NULL AND counted.state = 'granted'
      GROUP BY text.purpose_id, text.channel`).read(db),
    countsOf(sql`SELECT place.purpose_id, place.channel, count(*) AS count FROM ${limits} AS place
      CROSS JOIN permissions AS one WHERE ${ofPlace} AND one.settled_state = 'granted'
        AND one.granted_at IS NOT NULL AND coalesce(one.last_used_at, one.granted_at) < place.unused_since
        AND NOT ${isWeak} GROUP BY place.purpose_id, place.channel`).read(db),
    countsOf(sql`SELECT place.purpose_id, place.channel, count(DISTINCT one.id) AS count
      FROM suppressions AS block
      CROSS JOIN contact_points AS point CROSS JOIN permissions AS one CROSS JOIN ${limits} AS place
      WHERE point.lookup_hash = block.lookup_hash AND one.contact_point_id = point.id
        AND one.settled_state = 'granted' AND ${ofPlace} AND block.lifted_at IS NULL AND block.reason <> 'not_me'
        AND (block.until IS NULL OR block.until > ${now.toISOString()})
        AND (block.purpose_id IS NULL OR block.purpose_id = one.purpose_id)
        AND coalesce(one.last_used_at, one.granted_at, '') >= place.unused_since AND NOT ${isWeak}
      GROUP BY place.purpose_id, place.channel`).read(db),
  ]);
  return places.map((place) => {
    const { count, change } = allowed.get(placeKey(place)) ?? { count: 0, change: 0 };
    const without = {
      unproven: (unproven.get(placeKey(place)) ?? 0) + (invalid.get(placeKey(place)) ?? 0),
      unused: unused.get(placeKey(place)) ?? 0,
      blocked: blocked.get(placeKey(place)) ?? 0,
    };
    const contactable = count - without.unproven - without.unused - without.blocked;
    return { ...place, ...without, allowed: count, change, contactable: Math.max(0, contactable) };
  });
}

const ofPlace = sql`one.purpose_id = place.purpose_id AND one.channel = place.channel`;
const isWeak = sql`(one.basis = 'consent' AND one.evidence_grade IS NOT NULL
  AND place.weak_grades LIKE '%' || one.evidence_grade || '%')`;

/** The places as a table to join. */
export function placesTable(places: Place[]): RawBuilder<unknown> {
  const rows = places.map(
    ({ purposeId, channel, unusedSince, weakGrades }) =>
      sql`SELECT ${text(purposeId)} AS purpose_id, ${text(channel)} AS channel,
        ${text(unusedSince)} AS unused_since, ${text(weakGrades)} AS weak_grades`,
  );
  return sql`(${sql.join(rows, sql` UNION ALL `)})`;
}

function text(value: string): RawBuilder<string> {
  return sql`cast(${value} AS text)`;
}

function placeKey(of: { purposeId: string; channel: Channel }): string {
  return `${of.purposeId} ${of.channel}`;
}

function countsOf(query: RawBuilder<unknown>) {
  return {
    read: async (db: Db): Promise<Map<string, number>> => {
      const { rows } = await (
        query as RawBuilder<{ purpose_id: string; channel: Channel; count: number }>
      ).execute(db);
      return new Map(
        rows.map((row) => [placeKey({ purposeId: row.purpose_id, channel: row.channel }), Number(row.count)]),
      );
    },
  };
}

/** The sum of all daily changes is the current number. */
async function grantedCounts(db: Db, since: string) {
  const { rows } = await sql<{ purpose_id: string; channel: Channel; count: number; change: number }>`
    SELECT purpose_id, channel, sum(granted - withdrawn - expired) AS count,
      sum(CASE WHEN day >= ${since} THEN granted - withdrawn - expired ELSE 0 END) AS change
    FROM permission_days GROUP BY purpose_id, channel`.execute(db);
  return new Map(
    rows.map((row) => [
      placeKey({ purposeId: row.purpose_id, channel: row.channel }),
      { count: Number(row.count), change: Number(row.change) },
    ]),
  );
}

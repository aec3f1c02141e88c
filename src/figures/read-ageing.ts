import { sql } from 'kysely';
import type { Db } from '#db/connect.ts';
import { isoOf } from '#src/decisions/time.ts';
import { addMonths } from '#src/purposes/months.ts';
import { placesTable } from './read-contactable.ts';
import type { Place } from './read-places.ts';

export interface Ageing {
  /** Permissions that end within so many days. */
  ends30: number;
  ends90: number;
  /** Permissions without a use or grant for so many months. */
  unused12: number;
  unused18: number;
  unused24: number;
  /** Ended permissions for calls whose proof was kept for the five years of § 7a UWG, and those within 90 days of it. */
  retention: number;
  retention90: number;
}

const retentionMonths = 60;

/** Counts ageing permissions by index only. */
export async function readAgeing(db: Db, places: Place[], now: Date): Promise<Ageing> {
  const [ends, unused, retention] = await Promise.all([
    endsOf(db, now),
    unusedOf(db, places, now),
    retentionOf(db, places, now),
  ]);
  return { ...ends, ...unused, ...retention };
}

async function endsOf(db: Db, now: Date) {
  const { rows } = await sql<Record<'ends30' | 'ends90', number | null>>`
    SELECT sum(CASE WHEN valid_until < ${daysAfter(now, 30)} THEN 1 ELSE 0 END) AS ends30, count(*) AS ends90
    FROM permissions WHERE valid_until IS NOT NULL AND settled_state = 'granted'
      AND valid_until >= ${now.toISOString()} AND valid_until < ${daysAfter(now, 90)}`.execute(db);
  return { ends30: Number(rows[0]?.ends30 ?? 0), ends90: Number(rows[0]?.ends90 ?? 0) };
}

async function unusedOf(db: Db, places: Place[], now: Date) {
  if (places.length === 0) return { unused12: 0, unused18: 0, unused24: 0 };
  const { rows } = await sql<Record<'unused12' | 'unused18' | 'unused24', number | null>>`
    SELECT count(*) AS unused12,
      sum(CASE WHEN coalesce(one.last_used_at, one.granted_at) < ${monthsBefore(now, 18)} THEN 1 ELSE 0 END) AS unused18,
      sum(CASE WHEN coalesce(one.last_used_at, one.granted_at) < ${monthsBefore(now, 24)} THEN 1 ELSE 0 END) AS unused24
    FROM ${placesTable(places)} AS place
    INNER JOIN permissions AS one ON one.purpose_id = place.purpose_id AND one.channel = place.channel
      AND one.settled_state = 'granted' AND one.granted_at IS NOT NULL
      AND coalesce(one.last_used_at, one.granted_at) < ${monthsBefore(now, 12)}`.execute(db);
  const [row] = rows;
  return {
    unused12: Number(row?.unused12 ?? 0),
    unused18: Number(row?.unused18 ?? 0),
    unused24: Number(row?.unused24 ?? 0),
  };
}

async function retentionOf(db: Db, places: Place[], now: Date) {
  const calls = places.filter(({ channel }) => channel === 'phone');
  if (calls.length === 0) return { retention: 0, retention90: 0 };
  const kept = monthsBefore(now, retentionMonths);
  const { rows } = await sql<Record<'retention' | 'retention90', number | null>>`
    SELECT sum(CASE WHEN coalesce(one.last_used_at, one.granted_at) < ${kept} THEN 1 ELSE 0 END) AS retention,
      sum(CASE WHEN coalesce(one.last_used_at, one.granted_at) < ${kept} THEN 0 ELSE 1 END) AS retention90
    FROM ${placesTable(calls)} AS place
    INNER JOIN permissions AS one ON one.purpose_id = place.purpose_id AND one.channel = place.channel
      AND one.settled_state IN ('withdrawn', 'expired', 'refused') AND one.granted_at IS NOT NULL
      AND coalesce(one.last_used_at, one.granted_at) < ${monthsBefore(new Date(daysAfter(now, 90)), retentionMonths)}
    `.execute(db);
  return { retention: Number(rows[0]?.retention ?? 0), retention90: Number(rows[0]?.retention90 ?? 0) };
}

function daysAfter(now: Date, days: number): string {
  return new Date(now.getTime() + days * 86_400_000).toISOString();
}

function monthsBefore(now: Date, months: number): string {
  return isoOf(addMonths(now.getTime(), -months));
}

import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#db/connect.ts';
import type { EventKind, EventOrigin } from '#db/schema/events.ts';
import type { Channel } from '#db/schema/vocabulary.ts';

/** What counting needs to know of an event. */
export interface UncountedEvent {
  position: number;
  kind: EventKind;
  occurred_at: string;
  purpose_id: string;
  channel: Channel;
  origin: EventOrigin;
  signup_id: string | null;
  form_id: string | null;
  source: string | null;
  requested_at: string | null;
  /** 1: the one event of a request by which the request is counted. */
  leads: number;
  /** The previous event that settled the permission, and the form and source of the last grant. */
  settled_by: EventKind | null;
  given_form_id: string | null;
  given_source: string | null;
  /** 1: the request had expired and was opened once more. */
  had_expired: number;
}

/** The events after a position, in the order of the ledger. */
export async function uncountedEvents(db: Db, after: number, limit: number): Promise<UncountedEvent[]> {
  const { rows } = await sql<UncountedEvent>`
    SELECT place.position, event.kind, event.occurred_at, event.purpose_id, event.channel, event.origin,
      event.signup_id,
      signup.form_id, signup.source, signup.requested_at,
      CASE WHEN item.position = (SELECT min(position) FROM signup_items WHERE signup_id = event.signup_id)
        THEN 1 ELSE 0 END AS leads,
      CASE WHEN event.number = 1 THEN NULL ELSE (${before('prior.kind', settling)}) END AS settled_by,
      given.form_id AS given_form_id, given.source AS given_source,
      CASE WHEN event.number > 1 AND event.signup_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM events AS prior WHERE prior.permission_id = event.permission_id
          AND prior.number < event.number AND prior.signup_id = event.signup_id AND prior.kind = 'expired')
        THEN 1 ELSE 0 END AS had_expired
    FROM ledger_positions AS place
    INNER JOIN events AS event ON event.id = place.event_id
    LEFT JOIN signups AS signup ON signup.id = event.signup_id
    LEFT JOIN signup_items AS item ON item.signup_id = event.signup_id
      AND item.permission_id = event.permission_id
    LEFT JOIN signups AS given ON event.kind IN (${list(ending)}) AND given.id = (${before('prior.signup_id', granting)})
    WHERE place.position > ${after}
    ORDER BY place.position
    LIMIT ${limit}`.execute(db);
  return rows;
}

export const granting: EventKind[] = ['confirmed', 'granted', 'renewed', 'imported'];
const ending: EventKind[] = ['withdrawn', 'objected', 'refused', 'expired'];

/** A refusal or an end with a request settles that request only; see `ledger/fold.ts`. */
const settling = sql`(prior.kind IN (${list([...granting, 'withdrawn', 'objected'])})
  OR (prior.signup_id IS NULL AND prior.kind IN ('refused', 'expired')))`;

function before(column: string, which: RawBuilder<unknown> | EventKind[]): RawBuilder<unknown> {
  const condition = Array.isArray(which) ? sql`prior.kind IN (${list(which)})` : which;
  return sql`SELECT ${sql.ref(column)} FROM events AS prior WHERE prior.permission_id = event.permission_id
    AND prior.number < event.number AND ${condition} ORDER BY prior.number DESC LIMIT 1`;
}

function list(kinds: EventKind[]): RawBuilder<unknown> {
  return sql.join(kinds.map((kind) => sql.lit(kind)));
}

import { createHash } from 'node:crypto';
import type { Db, Tx } from '#db/connect.ts';
import type { PersonEventTable } from '#db/schema/person-events.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import { newId } from '#src/ids/new-id.ts';
import type { EvidenceRef } from './append.ts';

/** What happened to a person's data as a whole, as a use case states it. */
export type PersonFact = Pick<PersonEventTable, 'kind' | 'person_id' | 'occurred_at' | 'actor'> &
  Partial<Pick<PersonEventTable, 'contact_point_id' | 'register' | 'refused'>>;

/**
 * Writes an event about a person, in the caller's transaction. Numbers and hashes are the ledger's. Of two events at once
 * about one person the second fails by its number, and its caller tries again.
 */
export async function appendPersonEvent(
  tx: Tx,
  at: string,
  fact: PersonFact,
  evidence: EvidenceRef,
): Promise<void> {
  const last = await tx
    .selectFrom('person_events')
    .select((eb) => eb.fn.max('number').as('number'))
    .where('person_id', '=', fact.person_id)
    .executeTakeFirst();
  const event = {
    contact_point_id: null,
    register: null,
    refused: null,
    ...fact,
    id: newId(),
    number: Number(last?.number ?? 0) + 1,
    recorded_at: at,
    evidence_id: evidence.id,
    commitment: evidence.commitment,
  };
  await tx
    .insertInto('person_events')
    .values({ ...event, hash: personEventHash(event) })
    .execute();
}

/** The hash over every other column, in a fixed order. */
export function personEventHash(event: Omit<PersonEventTable, 'hash'>): string {
  return createHash('sha256')
    .update(JSON.stringify(hashedColumns.map((column) => event[column])))
    .digest('hex');
}

const hashedColumns = [
  'id',
  'kind',
  'person_id',
  'number',
  'contact_point_id',
  'register',
  'refused',
  'occurred_at',
  'recorded_at',
  'actor',
  'evidence_id',
  'commitment',
] as const satisfies (keyof PersonEventTable)[];

/** One fact about a person as a whole, as their history tells it. */
export interface PersonEntry {
  id: string;
  kind: PersonEventTable['kind'];
  occurredAt: string;
  recordedAt: string;
  actor: string;
  register: PersonEventTable['register'];
  /** It stood in the register. */
  refused: boolean;
  /** The channel of the address that was looked up. */
  channel: Channel | null;
  evidenceId: string;
}

/** The newest first. */
export async function personHistory(db: Db, personId: string, limit: number): Promise<PersonEntry[]> {
  const rows = await db
    .selectFrom('person_events as event')
    .leftJoin('contact_points as point', 'point.id', 'event.contact_point_id')
    .selectAll('event')
    .select('point.channel')
    .where('event.person_id', '=', personId)
    .orderBy('event.number', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    actor: row.actor,
    register: row.register,
    refused: row.refused === 1,
    channel: row.channel,
    evidenceId: row.evidence_id,
  }));
}

/** Art. 18 GDPR: since when the data are restricted, and until when, where an end is set. */
export interface Restriction {
  since: string;
  endsAt: string | null;
}

/** `undefined` while nothing is restricted. */
export async function restrictionOf(db: Db, personId: string, at: string): Promise<Restriction | undefined> {
  const events = await db
    .selectFrom('person_events')
    .select(['kind', 'occurred_at'])
    .where('person_id', '=', personId)
    .where('kind', '<>', 'register_checked')
    .orderBy('number')
    .execute();
  return foldRestriction(events, at);
}

/** The events of one person, in their order. A lifted restriction holds until the end that was announced. */
export function foldRestriction(
  events: Pick<PersonEventTable, 'kind' | 'occurred_at'>[],
  at: string,
): Restriction | undefined {
  let now: Restriction | undefined;
  for (const { kind, occurred_at } of events) {
    if (kind === 'restricted' && occurred_at <= at) {
      const goesOn = now !== undefined && (now.endsAt === null || now.endsAt > occurred_at);
      now = { since: goesOn && now ? now.since : occurred_at, endsAt: null };
    }
    if (kind === 'unrestricted' && now) now = { ...now, endsAt: occurred_at };
  }
  return now && (now.endsAt === null || now.endsAt > at) ? now : undefined;
}

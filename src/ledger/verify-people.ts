import type { Db } from '#db/connect.ts';
import type { PersonEventTable } from '#db/schema/person-events.ts';
import type { LedgerFault } from './ledger-fault.ts';
import { personEventHash } from './person-events.ts';

/** A fault for each event about a person that does not match its hash, is missing, or is in an impossible order. */
export async function verifyPeople(db: Db): Promise<{ events: number; faults: LedgerFault[] }> {
  const faults: LedgerFault[] = [];
  let count = 0;
  let before: PersonEventTable | undefined;
  for (let after = { person: '', number: 0 }; ; ) {
    const events = await db
      .selectFrom('person_events')
      .selectAll()
      .where((eb) =>
        eb.or([
          eb('person_id', '>', after.person),
          eb.and([eb('person_id', '=', after.person), eb('number', '>', after.number)]),
        ]),
      )
      .orderBy('person_id')
      .orderBy('number')
      .limit(page)
      .execute();
    const last = events.at(-1);
    if (!last) break;
    for (const event of events) {
      faults.push(...faultsOf(event, before));
      before = event;
    }
    faults.push(...(await evidenceFaults(db, events)));
    count += events.length;
    after = { person: last.person_id, number: last.number };
  }
  return { events: count, faults };
}

const page = 500;

function faultsOf(event: PersonEventTable, before: PersonEventTable | undefined): LedgerFault[] {
  const own = before?.person_id === event.person_id ? before : undefined;
  const expected = (own?.number ?? 0) + 1;
  const messages = [
    ...(event.hash === personEventHash(event) ? [] : [`Person event ${event.id} does not fit its hash.`]),
    ...(event.number === expected
      ? []
      : [`Person event ${event.id} is number ${event.number} where ${expected} is expected.`]),
  ];
  return messages.map((message) => ({ table: 'person_events', id: event.id, message }));
}

async function evidenceFaults(db: Db, events: PersonEventTable[]): Promise<LedgerFault[]> {
  const rows = await db
    .selectFrom('evidence')
    .select(['id', 'commitment'])
    .where(
      'id',
      'in',
      events.map(({ evidence_id }) => evidence_id),
    )
    .execute();
  const commitments = new Map(rows.map(({ id, commitment }) => [id, commitment]));
  return events
    .filter(({ evidence_id, commitment }) => commitments.get(evidence_id) !== commitment)
    .map(({ id }) => ({
      table: 'person_events',
      id,
      message: `Person event ${id} commits to other evidence than it names.`,
    }));
}

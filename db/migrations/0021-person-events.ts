import { type Kysely, sql } from 'kysely';
import { databaseKind } from '#db/connect.ts';

/** What is about a person and not about one permission: part of the ledger, and kept like its events. */
export async function up(db: Kysely<never>): Promise<void> {
  const triggers = databaseKind(db) === 'postgres' ? postgresTriggers : sqliteTriggers;
  for (const statement of [...tables, ...triggers]) await sql.raw(statement).execute(db);
}

const tables = [
  `CREATE TABLE person_events (
    id text PRIMARY KEY,
    kind text NOT NULL,
    person_id text NOT NULL REFERENCES people (id),
    number integer NOT NULL,
    contact_point_id text REFERENCES contact_points (id),
    register text,
    refused integer,
    occurred_at text NOT NULL,
    recorded_at text NOT NULL,
    actor text NOT NULL,
    evidence_id text NOT NULL REFERENCES evidence (id),
    commitment text NOT NULL,
    hash text NOT NULL)`,
  'CREATE UNIQUE INDEX person_events_person ON person_events (person_id, number)',
  `CREATE INDEX person_events_restrictions ON person_events (person_id) WHERE kind <> 'register_checked'`,
  'CREATE INDEX person_events_checks ON person_events (contact_point_id) WHERE contact_point_id IS NOT NULL',
];

const sqliteTriggers = [
  ...['UPDATE', 'DELETE'].map(
    (on) => `CREATE TRIGGER person_events_refuse_${on.toLowerCase()} BEFORE ${on} ON person_events
     BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END`,
  ),
  `CREATE TRIGGER person_events_refuse_replace BEFORE INSERT ON person_events
   WHEN EXISTS (SELECT 1 FROM person_events AS kept WHERE kept.rowid = NEW.rowid OR kept.id = NEW.id
     OR (kept.person_id = NEW.person_id AND kept.number = NEW.number))
   BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: person_events are kept and never replaced'); END`,
];

const postgresTriggers = [
  `CREATE TRIGGER person_events_refuse_change BEFORE UPDATE OR DELETE ON person_events FOR EACH ROW
   EXECUTE FUNCTION jawort_refuse('events are never changed or deleted')`,
  `CREATE TRIGGER person_events_refuse_truncate BEFORE TRUNCATE ON person_events FOR EACH STATEMENT
   EXECUTE FUNCTION jawort_refuse('person_events is never emptied')`,
];

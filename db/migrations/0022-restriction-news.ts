import { type Kysely, sql } from 'kysely';
import { databaseKind } from '#db/connect.ts';

/** Programs that keep a copy have to stop at once for whoever asks that their data only be kept. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of databaseKind(db) === 'sqlite' ? sqlite : postgres)
    await sql.raw(statement).execute(db);
}

const sqlite = [
  `CREATE TRIGGER person_events_news AFTER INSERT ON person_events WHEN NEW.kind = 'restricted'
   BEGIN INSERT INTO webhook_news (id, kind, at) VALUES (NEW.id, 'restriction', NEW.recorded_at); END`,
];

const postgres = [
  `CREATE FUNCTION jawort_restriction_news() RETURNS trigger LANGUAGE plpgsql AS
   $$ BEGIN INSERT INTO webhook_news (id, kind, at) VALUES (NEW.id, 'restriction', NEW.recorded_at); RETURN NULL; END $$`,
  `CREATE TRIGGER person_events_news AFTER INSERT ON person_events
   FOR EACH ROW WHEN (NEW.kind = 'restricted') EXECUTE FUNCTION jawort_restriction_news()`,
];

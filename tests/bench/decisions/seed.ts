/** Fills a database with contact points and permissions, straight into its tables: the acts would take hours. */
import { sql } from 'kysely';
import { type Db, databaseKind } from '#db/connect.ts';
import { migrate } from '#db/migrate.ts';
import { seedCompany } from '#src/demo/seed-demo.ts';
import { seedDemoKey } from '#src/exchange/api-keys.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import type { Keys } from '#src/secrets/keys.ts';

/** Mailbox `n` of those that are known; from `people` on they are strangers. */
export function addressOf(n: number): string {
  return `p${n}@bench-${n % 97}.example`;
}

/** The demo, with nobody in it yet. */
export async function seedDemo(db: Db): Promise<void> {
  await migrate(db);
  await db.transaction().execute(async (tx) => {
    await seedCompany(tx, at);
    await seedDemoKey(tx, at);
  });
}

/**
 * Adds the people from number `from` on, each with a mailbox and a permission for each of the three e-mail
 * purposes. Of twenty, one has withdrawn, one has refused, one has not confirmed yet, one was captured on paper,
 * and three were used lately; of fifty, one is suppressed.
 */
export async function seedPeople(db: Db, keys: Keys, from: number, to: number): Promise<void> {
  const purposes = await emailPurposes(db);
  const { before, after, definitions } = databaseKind(db) === 'sqlite' ? onSqlite : onPostgres;
  for (const statement of before) await sql.raw(statement).execute(db);
  // They come back as the migrations left them.
  const indexes = (await sql.raw<{ name: string; definition: string }>(definitions).execute(db)).rows;
  for (const { name } of indexes) await sql.raw(`DROP INDEX ${name}`).execute(db);
  for (let first = from; first < to; first += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, to - first);
    const hashes = Array.from({ length: count }, (_, index) => hashOf(keys, addressOf(first + index)));
    await insert(db, first, hashes, purposes);
  }
  for (const { definition } of indexes) await sql.raw(definition).execute(db);
  for (const statement of after) await sql.raw(statement).execute(db);
}

export function hashOf(keys: Keys, address: string): string {
  return lookupHash(keys, 'email', address);
}

const at = '2026-09-01T08:00:00.000Z';
const rowsAtOnce = 20_000;

interface AskedPurpose {
  id: string;
  live_version_id: string | null;
}

async function emailPurposes(db: Db): Promise<AskedPurpose[]> {
  return db
    .selectFrom('purposes')
    .innerJoin('consent_texts', 'consent_texts.purpose_id', 'purposes.id')
    .select(['purposes.id', 'consent_texts.live_version_id'])
    .where('consent_texts.channel', '=', 'email')
    .where('consent_texts.locale', '=', 'de')
    .orderBy('purposes.position')
    .execute();
}

async function insert(db: Db, from: number, hashes: string[], purposes: AskedPurpose[]): Promise<void> {
  const rows = sql`(SELECT * FROM bench_rows) AS r`;
  await db.transaction().execute(async (tx) => {
    await sql`DELETE FROM bench_rows`.execute(tx);
    const list = JSON.stringify(hashes);
    const listed =
      databaseKind(db) === 'sqlite'
        ? sql`SELECT key + ${sql.lit(from)}, value FROM json_each(${list})`
        : sql`SELECT place - 1 + ${sql.lit(from)}, value
            FROM jsonb_array_elements_text(${list}::jsonb) WITH ORDINALITY AS each (value, place)`;
    await sql`INSERT INTO bench_rows (n, hash) ${listed}`.execute(tx);
    await sql`INSERT INTO people (id, locale, created_at) SELECT ${id(db, 1)}, 'de', ${sql.lit(at)} FROM ${rows}`.execute(
      tx,
    );
    await sql`INSERT INTO contact_points (id, person_id, channel, lookup_hash, source, verified_at, created_at, country)
      SELECT ${id(db, 2)}, ${id(db, 1)}, 'email', hash, 'bench', ${sql.lit(at)}, ${sql.lit(at)}, NULL FROM ${rows}`.execute(
      tx,
    );
    await sql`INSERT INTO suppressions (id, channel, lookup_hash, reason, created_at)
      SELECT ${id(db, 3)}, 'email', hash, 'objection', ${sql.lit(at)} FROM ${rows} WHERE n % 50 = 49`.execute(
      tx,
    );
    for (const [index, purpose] of purposes.entries()) {
      const permission = id(db, 10 + index);
      const event = id(db, 20 + index);
      const purposeId = sql.lit(purpose.id);
      await sql`INSERT INTO permissions (id, contact_point_id, purpose_id, channel, state, settled_state, basis,
          text_version_id, evidence_grade, channel_verified, granted_at, since, last_used_at, last_event_id,
          event_count, created_at)
        SELECT ${permission}, ${id(db, 2)}, ${purposeId}, 'email', ${state}, ${settled}, 'consent',
          ${sql.lit(purpose.live_version_id)}, CASE WHEN n % 20 = 4 THEN 'B' ELSE 'A' END, 1, ${grantedAt},
          ${grantedAt}, CASE WHEN n % 20 > 16 THEN ${sql.lit(lately)} END, ${event}, 1, ${sql.lit(at)}
        FROM ${rows}`.execute(tx);
      await sql`INSERT INTO uses (event_id, permission_id, used_at)
        SELECT ${id(db, 30 + index)}, ${permission}, ${sql.lit(lately)} FROM ${rows} WHERE n % 20 > 16`.execute(
        tx,
      );
      await sql`INSERT INTO events (id, kind, occurred_at, recorded_at, permission_id, number, contact_point_id,
          purpose_id, channel, basis, origin, actor, channel_verified, hash)
        SELECT ${event}, 'granted', ${sql.lit(at)}, ${sql.lit(at)}, ${permission}, 1, ${id(db, 2)}, ${purposeId},
          'email', 'consent', 'staff', 'bench', 1, 'bench' FROM ${rows} WHERE n % 20 = 4`.execute(tx);
      await sql`INSERT INTO grounds (event_id, permission_id, basis, method, occurred_at, record,
          missing_evidence, missing_7a)
        SELECT ${event}, ${permission}, 'consent', 'paper', ${sql.lit(at)}, '{}', '[]', '[]'
        FROM ${rows} WHERE n % 20 = 4`.execute(tx);
    }
  });
}

const lately = new Date(Date.now() - 86_400_000).toISOString();
const grantedAt = sql.raw(
  `'2026-0' || (1 + n % 9) || '-1' || (n % 10) || 'T08:' || (10 + n % 50) || ':00.000Z'`,
);
const state = sql.raw(
  `CASE n % 20 WHEN 1 THEN 'withdrawn' WHEN 2 THEN 'refused' WHEN 3 THEN 'pending' ELSE 'granted' END`,
);
const settled = sql.raw(
  `CASE n % 20 WHEN 1 THEN 'withdrawn' WHEN 2 THEN 'refused' WHEN 3 THEN 'none' ELSE 'granted' END`,
);

/** UUIDs in the order of the people, as those of version 7 are. */
function id(db: Db, kind: number) {
  const tail = `-7000-8000-${kind.toString(16).padStart(12, '0')}`;
  return databaseKind(db) === 'sqlite'
    ? sql.raw(`printf('019a%04x-%04x${tail}', n / 65536, n % 65536)`)
    : sql.raw(
        `'019a' || lpad(to_hex(n / 65536), 4, '0') || '-' || lpad(to_hex(n % 65536), 4, '0') || '${tail}'`,
      );
}

/** Triggers, foreign keys and indexes in no order are for acts; a million rows at once do better without. */
const onSqlite = {
  definitions: `SELECT name, sql AS definition FROM sqlite_master
    WHERE name IN ('contact_points_one_mailbox', 'contact_points_lookup')`,
  before: [
    'PRAGMA foreign_keys = OFF',
    'PRAGMA synchronous = OFF',
    'CREATE TABLE bench_rows (n integer PRIMARY KEY, hash text)',
    'DROP TRIGGER IF EXISTS permissions_count_added',
    'DROP TRIGGER IF EXISTS events_queue',
    'DROP TRIGGER IF EXISTS suppressions_log_insert',
    'DROP TRIGGER IF EXISTS uses_log_insert',
    'DROP TRIGGER IF EXISTS grounds_log_insert',
  ],
  after: ['DROP TABLE bench_rows', 'PRAGMA wal_checkpoint(TRUNCATE)'],
};

const onPostgres = {
  definitions: `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
    WHERE indexname IN ('contact_points_one_mailbox', 'contact_points_lookup')`,
  before: [
    'SET session_replication_role = replica',
    'SET statement_timeout = 0',
    'CREATE UNLOGGED TABLE bench_rows (n integer PRIMARY KEY, hash text)',
  ],
  after: [
    'DROP TABLE bench_rows',
    // What autovacuum would do a minute later.
    'VACUUM ANALYZE',
  ],
};

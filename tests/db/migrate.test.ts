import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type Db } from '#db/connect.ts';
import { migrate, pendingMigrations } from '#db/migrate.ts';
import { migrations } from '#db/migrations/index.ts';
import { databases, freshDatabaseUrl } from '#tests/support/databases.ts';

const all = Object.keys(migrations);

describe.each(databases)('migrate on %s', (name) => {
  let db: Db;
  let url: string;
  let drop: () => Promise<void>;

  beforeEach(async () => {
    ({ url, drop } = await freshDatabaseUrl(name));
    db = await connect(url);
  });
  afterEach(async () => {
    await db.destroy();
    await drop();
  });

  it('brings an empty database up to date', async () => {
    expect(await pendingMigrations(db)).toEqual(all);
    expect(await migrate(db)).toEqual({ applied: all });
    expect(await pendingMigrations(db)).toEqual([]);
    expect(await db.selectFrom('events').selectAll().execute()).toEqual([]);
  });

  it('changes nothing the second time', async () => {
    await migrate(db);
    expect(await migrate(db)).toEqual({ applied: [] });
  });

  it('applies each migration once when two processes start together', async () => {
    const script = fileURLToPath(new URL('migrate-now.ts', import.meta.url));
    const starting = [1, 2].map(() => promisify(execFile)(process.execPath, [script, url]));
    const applied = (await Promise.all(starting)).map(({ stdout }) => JSON.parse(stdout));
    expect(applied.flat()).toEqual(all);
    expect(await pendingMigrations(db)).toEqual([]);
  });

  it('finds the makers of older keys in the audit trail, and keeps all of them working', async () => {
    const before = Object.entries(migrations).filter(([migration]) => migration < '0038');
    await migrate(db, Object.fromEntries(before));
    const at = '2026-10-01T09:00:00.000Z';
    for (const id of ['by-xenia', 'by-machine']) {
      await sql`insert into api_keys (id, name, key_hash, last_four, scopes, created_at)
        values (${id}, ${id}, ${id}, 'abcd', 'write admin', ${at})`.execute(db);
      const maker = id === 'by-xenia' ? 'xenia' : null;
      await sql`insert into audit_entries (id, at, staff_id, staff_name, act, subject, details)
        values (${id}, ${at}, ${maker}, 'somebody', 'key.made', ${`key:${id}`}, '{}')`.execute(db);
    }
    await migrate(db);
    const keys = await db
      .selectFrom('api_keys')
      .select(['id', 'made_by', 'approved_by', 'works_since'])
      .orderBy('id')
      .execute();
    expect(keys).toEqual([
      { id: 'by-machine', made_by: null, approved_by: null, works_since: at },
      { id: 'by-xenia', made_by: 'xenia', approved_by: null, works_since: at },
    ]);
  });

  it('leaves nothing behind when a migration fails', async () => {
    const broken = { up: breakHalfway };
    await expect(migrate(db, { '0001-broken': broken })).rejects.toThrow('halfway');
    const { rows } = await sql`select * from kysely_migration`.execute(db);
    expect(rows).toEqual([]);
    await expect(sql`select * from half`.execute(db)).rejects.toThrow('half');
    expect(await migrate(db)).toEqual({ applied: all });
  });
});

async function breakHalfway(db: Kysely<unknown>): Promise<void> {
  await sql`create table half (id text)`.execute(db);
  throw new Error('halfway');
}

import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type Db } from '#db/connect.ts';
import { migrate } from '#db/migrate.ts';
import { migrations } from '#db/migrations/index.ts';
import type { PermissionTable } from '#db/schema.ts';
import { seedCompany } from '#src/demo/seed-demo.ts';
import { freshDatabaseUrl } from '#tests/support/databases.ts';

const now = '2026-11-02T09:00:00.000Z';
const names = Object.keys(migrations);
const before = names.slice(0, names.indexOf('0023-permissions-by-purpose'));

/** A SQLite file from before the permissions for one purpose lay beside each other. */
describe('the permissions of an older file', () => {
  let db: Db;
  let drop: () => Promise<void>;
  beforeEach(async () => {
    const file = await freshDatabaseUrl('sqlite');
    drop = file.drop;
    db = await connect(file.url);
    await migrate(db, Object.fromEntries(before.map((name) => [name, migrations[name] as never])));
    await db.transaction().execute((tx) => seedCompany(tx, now));
  });
  afterEach(async () => {
    await db.destroy();
    await drop();
  });

  async function give(number: number): Promise<void> {
    const purposes = await db.selectFrom('purposes').select('id').orderBy('id').execute();
    const text = await db.selectFrom('consent_text_versions').select('id').executeTakeFirstOrThrow();
    await db
      .insertInto('people')
      .values({ id: `person-${number}`, locale: 'de', created_at: now })
      .execute();
    await db
      .insertInto('contact_points')
      .values({
        id: `point-${number}`,
        person_id: `person-${number}`,
        channel: 'email',
        link_generation: 0,
        source: 'fair',
        created_at: now,
      })
      .execute();
    for (const [index, { id }] of purposes.entries()) {
      await db
        .insertInto('permissions')
        .values({
          id: `permission-${number}-${index}`,
          contact_point_id: `point-${number}`,
          purpose_id: id,
          channel: 'email',
          state: 'granted',
          settled_state: index === 0 ? 'granted' : 'withdrawn',
          text_version_id: text.id,
          channel_verified: 1,
          since: now,
          last_event_id: 'event',
          event_count: index,
          created_at: now,
        })
        .execute();
    }
  }
  const all = () => db.selectFrom('permissions').selectAll().orderBy('id').execute();
  const belongings = async () => {
    const { rows } = await sql<{ name: string }>`select name, sql from sqlite_master
      where tbl_name = 'permissions' and type in ('index', 'trigger') and sql is not null order by name`.execute(
      db,
    );
    return rows;
  };
  const counted = () => db.selectFrom('permission_count_changes').selectAll().execute();

  it('are all there afterwards, with every index and trigger, and none was counted again', async () => {
    await give(2);
    await give(1);
    const [permissions, owned, changes] = [await all(), await belongings(), await counted()];
    expect(permissions.length).toBeGreaterThan(4);
    await migrate(db);
    expect(await all()).toEqual(permissions);
    expect(await counted()).toEqual(changes);
    expect(await belongings()).toEqual(
      expect.arrayContaining(owned.map(({ name }) => expect.objectContaining({ name }))),
    );
    await give(3);
    expect((await counted()).length).toBeGreaterThan(changes.length);
    await expect(
      db
        .insertInto('permissions')
        .values({ ...(permissions[0] as PermissionTable), id: 'another' })
        .execute(),
    ).rejects.toThrow('UNIQUE');
    await expect(
      db
        .updateTable('permissions')
        .set({ contact_point_id: 'nobody' })
        .where('id', '=', 'permission-1-0')
        .execute(),
    ).rejects.toThrow('FOREIGN KEY');
  });
});

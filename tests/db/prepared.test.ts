import { type CompiledQuery, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Db } from '#db/connect.ts';
import { connect } from '#db/connect.ts';
import { migrate } from '#db/migrate.ts';
import { prepared } from '#db/prepared.ts';
import { databases, freshDatabaseUrl } from '#tests/support/databases.ts';

let compiled = 0;

const addJob = prepared((db, of: { name: string; dueAt: string }) => {
  compiled += 1;
  return db.insertInto('jobs').values({ name: of.name, due_at: of.dueAt }).returning('name');
});

const jobsDue = prepared((db, of: { at: string }) =>
  db
    .selectFrom('jobs')
    .select(['name', 'due_at'])
    .where('due_at', '<=', of.at)
    .where('claimed_until', 'is', null)
    .orderBy('name')
    .limit(10),
);

describe.each(databases)('prepared on %s', (name) => {
  let db: Db;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const fresh = await freshDatabaseUrl(name);
    drop = fresh.drop;
    db = await connect(fresh.url);
    await migrate(db);
  });
  afterAll(async () => {
    await db.destroy();
    await drop();
  });

  it('compiles once and runs with new values, inside a transaction and outside', async () => {
    compiled = 0;
    await addJob(db, { name: 'a', dueAt: '2026-01-01' });
    await db.transaction().execute((tx) => addJob(tx, { name: 'b', dueAt: '2026-01-02' }));
    expect(await addJob(db, { name: 'c', dueAt: '2026-01-03' })).toEqual([{ name: 'c' }]);
    expect(compiled).toBe(1);
    expect(await jobsDue(db, { at: '2026-01-02' })).toEqual([
      { name: 'a', due_at: '2026-01-01' },
      { name: 'b', due_at: '2026-01-02' },
    ]);
  });

  it.each(["it's", '', 'a ? b', "'; drop table jobs; --", '🌍', 7, -3, 0.5])(
    'gives %j back where it is always the same',
    async (constant) => {
      const asked = prepared((db, of: { name: string }) =>
        db.selectNoFrom([sql.val(constant).as('constant'), sql.val(of.name).as('name')]),
      );
      const type = name === 'postgres' && typeof constant === 'number' ? Number : (value: unknown) => value;
      const [row] = await asked(db, { name: 'x?' });
      expect({ ...row, constant: type(row?.constant) }).toEqual({ constant, name: 'x?' });
    },
  );

  it('leaves SQLite nothing to bind of what is always the same, and PostgreSQL all', async () => {
    const executed = vi.spyOn(db, 'executeQuery');
    const asked = prepared((db, of: { name: string }) =>
      db.selectFrom('jobs').select('name').where('last_outcome', '=', 'failed').where('name', '=', of.name),
    );
    expect(await asked(db, { name: 'a' })).toEqual([]);
    expect(executed.mock.calls.map(([query]) => (query as CompiledQuery).parameters)).toEqual([
      name === 'sqlite' ? ['a'] : ['failed', 'a'],
    ]);
    executed.mockRestore();
  });

  it('limits to a number that is given, and leaves SQLite no limit to compile anew for', async () => {
    const executed = vi.spyOn(db, 'executeQuery');
    const first = prepared((db, of: { most: number }) =>
      db.selectFrom('jobs').select('name').orderBy('name').limit(of.most),
    );
    const all = await first(db, { most: 100 });
    expect(await first(db, { most: 2 })).toEqual(all.slice(0, 2));
    const limits = executed.mock.calls.map(([query]) => (query as CompiledQuery).sql.split(' limit ')[1]);
    expect(limits).toEqual(name === 'sqlite' ? ['? + 0', '? + 0'] : ['$1', '$1']);
    executed.mockRestore();
  });

  it('refuses a query that looks at its values', async () => {
    const looking = prepared((db, of: { at: string }) => {
      const text = `${of.at}`;
      return db.selectFrom('jobs').select(sql<string>`${text}`.as('text'));
    });
    await expect(looking(db, { at: 'x' })).rejects.toThrow('cannot look at its value "at"');
  });
});

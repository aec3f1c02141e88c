/**
 * Somebody who may do anything with the database, but for one older head that was kept outside, changes each table that has a
 * leaf: with all triggers dropped and the hashes worked out anew.
 */

import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseKind, type Tx } from '#db/connect.ts';
import type { EventTable } from '#db/schema/events.ts';
import { eventHash } from '#src/ledger/event-hash.ts';
import { catchUp } from '#src/log/catch-up.ts';
import type { LogFinding, OutsideHead } from '#src/log/finding.ts';
import { makeCheckpoint } from '#src/log/make-checkpoint.ts';
import { leafHash } from '#src/log/merkle-tree.ts';
import { type LogSource, logSources } from '#src/log/sources.ts';
import { verifyLog } from '#src/log/verify-log.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { databases } from '#tests/support/databases.ts';
import { steps } from './everything.ts';

const signer = { name: 'log.example', key: generateKeyPairSync('ed25519').privateKey };

type Row = Record<string, string | number | null>;
type Source = Pick<LogSource, 'kind' | 'table' | 'key' | 'columns' | 'hashed'>;

/** Addresses have leaves too, with a commitment in place of their value. */
const sources: Source[] = [
  ...logSources,
  {
    kind: 'contact_point',
    table: 'contact_points',
    key: 'id',
    columns: ['person_id', 'channel', 'created_at'],
  },
];

describe.each(databases)('each table that has a leaf, on %s', (name) => {
  let test: TestApi;
  let outside: OutsideHead;
  const mails = mkdtempSync(join(tmpdir(), 'jawort-mails-'));

  beforeAll(async () => {
    test = await openTestApi(name);
    for (const { act } of steps) {
      await act(test, mails);
      await catchUp(test.app);
    }
    const made = await makeCheckpoint(test.app.db, signer, test.app.now().toISOString());
    outside = { size: Number(made?.size), root: made?.root ?? '', origin: signer.name };
    await dropTriggers();
  }, 120_000);
  afterAll(async () => {
    await test.close();
    rmSync(mails, { recursive: true, force: true });
  });

  async function dropTriggers(): Promise<void> {
    const { db } = test.app;
    if (name === 'postgres') {
      const tables = await sql<{ name: string }>`
        SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`.execute(db);
      for (const { name: table } of tables.rows) {
        await sql`ALTER TABLE ${sql.table(table)} DISABLE TRIGGER ALL`.execute(db);
      }
      return;
    }
    const triggers = await sql<{ name: string }>`
      SELECT name FROM sqlite_master WHERE type = 'trigger'`.execute(db);
    for (const { name: trigger } of triggers.rows) await sql`DROP TRIGGER ${sql.id(trigger)}`.execute(db);
  }

  /** What the check finds after `tamper`, which is undone afterwards. */
  async function foundAfter(tamper: (tx: Tx) => Promise<unknown>, heads = [outside]): Promise<LogFinding[]> {
    let findings: LogFinding[] | undefined;
    const undone = new Error('undone');
    await test.app.db
      .transaction()
      .execute(async (tx) => {
        if (databaseKind(tx) === 'sqlite') await sql`PRAGMA defer_foreign_keys = ON`.execute(tx);
        await tamper(tx);
        findings = (await verifyLog({ ...test.app, db: tx }, heads)).findings;
        throw undone;
      })
      .catch((error) => {
        if (error !== undone) throw error;
      });
    return findings ?? [];
  }

  /** Rows that were logged, newest first. */
  async function loggedRows({ table, key, kind }: Source, where = sql`true`): Promise<Row[]> {
    const { rows } = await sql<Row>`SELECT * FROM ${sql.table(table)} AS t WHERE ${where}
      AND EXISTS (SELECT 1 FROM log_entries e WHERE e.kind = ${kind} AND e.ref = ${sql.ref(`t.${key}`)})
      AND NOT EXISTS (SELECT 1 FROM log_entries e WHERE e.kind = 'erasure' AND e.ref = ${sql.ref(`t.${key}`)} AND e.kind <> ${kind})
      ORDER BY ${sql.ref(`t.${key}`)} DESC`.execute(test.app.db);
    return rows;
  }
  const idOf = (source: Source, row: Row | undefined) => {
    if (!row) throw new Error(`no row of ${source.table}`);
    return String(row[source.key]);
  };

  async function setColumn(tx: Tx, { table, key }: Source, id: string, column: string, value: unknown) {
    await sql`UPDATE ${sql.table(table)} SET ${sql.ref(column)} = ${value} WHERE ${sql.ref(key)} = ${id}`.execute(
      tx,
    );
    if (table !== 'events') return;
    const { rows } = await sql<EventTable>`SELECT * FROM events WHERE id = ${id}`.execute(tx);
    if (rows[0]) await sql`UPDATE events SET hash = ${eventHash(rows[0])} WHERE id = ${id}`.execute(tx);
  }

  const located = (source: Source, id: string, kind: LogFinding['kind']) =>
    expect.objectContaining({
      kind,
      table: source.table,
      id,
      index: kind === 'not_logged' ? null : expect.any(Number),
      between: kind === 'not_logged' ? [outside.size, null] : [null, outside.size],
    });

  it('fits before anything is done to it', async () => {
    expect(await foundAfter(async () => undefined)).toEqual([]);
  });

  const cells = sources.flatMap((source) =>
    [...source.columns, ...(source.hashed ?? [])].map((column) => ({
      source,
      column,
      name: `${source.table}.${column}`,
    })),
  );
  it.each(cells)('tells that $name was changed', async ({ source, column }) => {
    const [row] = await loggedRows(source, sql`${sql.ref(`t.${column}`)} IS NOT NULL`);
    const [any] = await loggedRows(source);
    const id = idOf(source, row ?? any);
    const value = row?.[column];
    const other =
      typeof value === 'number'
        ? value + 1
        : /^\d{4}-\d\d-\d\dT/.test(String(value))
          ? '2020-01-01T00:00:00.000Z'
          : `${value ?? '7'}${name === 'postgres' && value == null ? '' : 'x'}`;
    const findings = await foundAfter((tx) => setColumn(tx, source, id, column, other));
    // Without its person an address is as good as gone.
    const kind = source.table === 'contact_points' && column === 'person_id' ? 'missing' : 'changed';
    expect(findings).toContainEqual(located(source, id, kind));
  });

  it.each(sources)('tells that a row of $table was deleted', async (source) => {
    const id = idOf(source, (await loggedRows(source))[0]);
    const findings = await foundAfter((tx) =>
      sql`DELETE FROM ${sql.table(source.table)} WHERE ${sql.ref(source.key)} = ${id}`.execute(tx),
    );
    expect(findings).toContainEqual(located(source, id, 'missing'));
  });

  it.each(sources)('tells that two rows of $table were exchanged', async (source) => {
    const rows = await loggedRows(source);
    const ids = [idOf(source, rows[0]), idOf(source, rows.at(-1))];
    if (ids[0] === ids[1]) return;
    const findings = await foundAfter(async (tx) => {
      for (const [from, to] of [
        [ids[0], 'between'],
        [ids[1], ids[0]],
        ['between', ids[1]],
      ])
        await sql`UPDATE ${sql.table(source.table)} SET ${sql.ref(source.key)} = ${to} WHERE ${sql.ref(source.key)} = ${from}`.execute(
          tx,
        );
    });
    for (const id of ids) expect(findings).toContainEqual(located(source, id, 'changed'));
  });

  // An address without an event shows nothing: it is logged with its first event.
  it.each(logSources)('tells that a row of $table was invented', async (source) => {
    const [row] = await loggedRows(source);
    const unique = await uniqueColumns(source.table);
    const made = Object.entries({ ...row, [source.key]: 'invented' }).map(([column, value]) => [
      column,
      column !== source.key && unique.has(column) && typeof value === 'number' ? value + 999 : value,
    ]);
    const other = made.map(([column, value]) =>
      column !== source.key && unique.has(String(column)) && typeof value === 'string'
        ? `${value}-invented`
        : value,
    );
    const findings = await foundAfter((tx) =>
      sql`INSERT INTO ${sql.table(source.table)} (${sql.join(made.map(([column]) => sql.ref(String(column))))})
        VALUES (${sql.join(other)})`.execute(tx),
    );
    expect(findings).toContainEqual(located(source, 'invented', 'not_logged'));
  });

  async function uniqueColumns(table: string): Promise<Set<string>> {
    const { rows } =
      name === 'sqlite'
        ? await sql<{
            name: string;
          }>`SELECT c.name FROM pragma_index_list(${table}) l, pragma_index_info(l.name) c
            WHERE l."unique" = 1`.execute(test.app.db)
        : await sql<{ name: string }>`SELECT a.attname AS name FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
            WHERE i.indisunique AND i.indrelid = ${table}::regclass`.execute(test.app.db);
    return new Set(rows.map((row) => row.name));
  }

  it.each(sources)('tells that $table was emptied', async (source) => {
    const ids = (await loggedRows(source)).map((row) => idOf(source, row));
    const findings = await foundAfter((tx) => sql`DELETE FROM ${sql.table(source.table)}`.execute(tx));
    const missing = findings.filter(({ kind, table }) => kind === 'missing' && table === source.table);
    expect(new Set(missing.map(({ id }) => id))).toEqual(new Set(ids));
  });

  it.each(sources)(
    'tells by the head from outside that the log was rewritten to fit a change of $table',
    async (source) => {
      const { kind } = source;
      const entry = await test.app.db
        .selectFrom('log_entries')
        .selectAll()
        .where('kind', '=', kind)
        .orderBy('idx', 'desc')
        .limit(1)
        .executeTakeFirstOrThrow();
      const findings = await foundAfter(async (tx) => {
        const body = entry.body.replace('"logged_at"', '"also":"forged","logged_at"');
        const leaf = Buffer.from(leafHash(Buffer.from(body))).toString('hex');
        await tx.updateTable('log_entries').set({ body, leaf }).where('idx', '=', entry.idx).execute();
        await tx.deleteFrom('log_checkpoints').execute();
        await tx.deleteFrom('log_tiles').execute();
      });
      expect(findings).toContainEqual(
        expect.objectContaining({ kind: 'root', table: 'log_entries', between: [null, outside.size] }),
      );
    },
  );
});

import assert from 'node:assert/strict';
import type { Compilable, CompiledQuery, Insertable, InsertQueryBuilder, InsertResult } from 'kysely';
import { type DatabaseKind, databaseKind, type Tx } from './connect.ts';
import type { InsertParts } from './driver-queries.ts';
import { sendLater } from './later.ts';
import type { Schema } from './schema/schema.ts';

type Insert<Table extends keyof Schema> = InsertQueryBuilder<Schema, Table, InsertResult>;
type Row = Record<string, unknown>;

const mostTogether = 20;

/**
 * Inserts rows that all have the same columns, by statements that are compiled once for each number of rows and
 * sent together with what the transaction asks next. `finish` may add what follows the values.
 *
 *     const insertItems = insertRows('signup_items');
 *     await insertItems(tx, items);
 */
export function insertRows<Table extends keyof Schema>(
  table: Table,
  finish: (insert: Insert<Table>) => Compilable<unknown> = (insert) => insert,
): (tx: Tx, rows: Insertable<Schema[Table]>[]) => Promise<void> {
  const compiled: Compiled[] = [];

  function insertOf(tx: Tx, columns: string[], rows: Row[]): Compiled {
    const kind = databaseKind(tx);
    const count = rows.length;
    const known = compiled.find(
      (one) => one.count === count && one.kind === kind && isSame(one.columns, columns),
    );
    if (known) return known;
    const values = tx.insertInto(table).values(rows as never) as unknown as Insert<Table>;
    const insert = finish(values).compile();
    assert.equal(
      insert.parameters.length,
      columns.length * rows.length,
      `rows for ${table} differ in columns`,
    );
    const one = { kind, columns, count, query: insert, parts: partsOf(insert.sql, columns.length, count) };
    compiled.push(one);
    return one;
  }

  const write: Writing = async (tx, rows) => {
    const gathered = gathering.get(tx);
    if (gathered) {
      const before = gathered.get(write);
      if (before) before.push(...rows);
      else gathered.set(write, [...rows]);
      return;
    }
    const columns = Object.keys(rows[0] ?? {});
    for (let from = 0; from < rows.length; from += mostTogether) {
      const some = rows.slice(from, from + mostTogether) as Row[];
      const parameters = some.flatMap((row) => columns.map((column) => row[column]));
      const { query, parts: insert } = insertOf(tx, columns, some);
      await sendLater(tx, { ...query, parameters }, { insert });
    }
  };
  return write as (tx: Tx, rows: Insertable<Schema[Table]>[]) => Promise<void>;
}

type Writing = (tx: Tx, rows: object[]) => Promise<void>;

const gathering = new WeakMap<Tx, Map<Writing, object[]>>();

/**
 * Gathers what `insertRows` is given in several acts, to be written together, table after table as they were first
 * written to. The acts may not read what they wrote.
 */
export function gatherRows(tx: Tx) {
  let gathered = new Map<Writing, object[]>();
  return {
    async during<T>(act: () => Promise<T>): Promise<T> {
      gathering.set(tx, gathered);
      try {
        return await act();
      } finally {
        gathering.delete(tx);
      }
    },
    async write(): Promise<void> {
      const all = gathered;
      gathered = new Map();
      for (const [write, rows] of all) await write(tx, rows);
    },
  };
}

interface Compiled {
  kind: DatabaseKind;
  columns: string[];
  count: number;
  query: CompiledQuery<unknown>;
  parts: InsertParts | undefined;
}

function isSame(one: string[], other: string[]): boolean {
  return one.length === other.length && one.every((column, index) => column === other[index]);
}

/** Only where values are written as `?`; PostgreSQL numbers them. */
function partsOf(sql: string, columns: number, rows: number): InsertParts | undefined {
  const row = `(${Array(columns).fill('?').join(', ')})`;
  const [before = '', after, ...others] = sql.split(Array(rows).fill(row).join(', '));
  return after === undefined || others.length > 0 ? undefined : { before, columns, after };
}

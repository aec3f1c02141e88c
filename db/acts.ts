/**
 * Acts: the writes of the use cases that run most often (signup, confirmation, withdrawal), declared as a list of statements.
 *
 * A use case reads first, without a transaction, and collects the rows to write; then they are committed, all or none. What
 * was read may have changed until then, so the statements check for it: by a unique index (the number of an event detects
 * every change of a permission), by `changesOne` or by `unless`. Then the use case starts again, the third time in a
 * transaction that holds the locks.
 *
 * On SQLite an act is one statement, and acts of the same kind that wait for the writer share it. On PostgreSQL it is an
 * ordinary transaction from the start, because there reading under a lock costs nothing more.
 */
import assert from 'node:assert/strict';
import { compileAct } from './compile-act.ts';
import { type Db, databaseKind, type Reader, type Tx } from './connect.ts';
import type { ActQuery, CompiledAct } from './driver-queries.ts';
import { ConflictError, isUniqueViolation } from './errors.ts';
import { ActRows, type DeclaredWrite, type RowStatement } from './writes.ts';

export interface Act {
  readonly name: string;
  readonly statements: readonly RowStatement[];
}

/** The statements run in this order, whatever the order in which their rows are collected. */
export function defineAct(name: string, writes: readonly DeclaredWrite<never>[]): Act {
  return { name, statements: writes.map(({ statement }) => statement) };
}

/** What an attempt returns when it needs that nothing changes while it reads and writes. */
export const needsTransaction = Symbol('needs a transaction');

export interface Attempts<Result> {
  /** Reads what is committed, and collects the rows of the act. May run twice. */
  attempt(reader: Reader, rows: ActRows): Promise<Result | typeof needsTransaction>;
  /** The same in a transaction: it locks, reads and writes. Runs twice when another one was first. */
  exclusively(tx: Tx): Promise<Result>;
}

/** Whether acts on this database read before they write, so that a read may begin early. */
export function actsReadFirst(db: Db): boolean {
  return databaseKind(db) === 'sqlite';
}

/** Runs a use case whose writes are an act. */
export async function performAct<Result>(
  db: Db,
  act: Act,
  { attempt, exclusively }: Attempts<Result>,
): Promise<Result> {
  for (let attempts = actsReadFirst(db) ? 2 : 0; attempts > 0; attempts--) {
    const rows = new ActRows();
    const result = await attempt(db, rows);
    if (result === needsTransaction) break;
    if ((await commit(db, act, rows)) === 'done') return result;
  }
  count(db, act, 'transaction');
  const run = () => db.transaction().execute(exclusively);
  return run().catch((error) =>
    error instanceof ConflictError || isUniqueViolation(error) ? run() : Promise.reject(error),
  );
}

/** Writes all rows, or none when something that the act relied on has changed. */
async function commit(db: Db, act: Act, { byStatement }: ActRows): Promise<'done' | 'changed'> {
  if (byStatement.size === 0) return 'done';
  const outcome = await db.executeQuery(actQuery(db, act, byStatement)).then(
    () => 'done' as const,
    (error) => (error instanceof ConflictError ? 'changed' : Promise.reject(error)),
  );
  count(db, act, outcome);
  return outcome;
}

function actQuery(db: Db, act: Act, byStatement: ActRows['byStatement']): ActQuery {
  const compiled = compiledAct(db, act);
  for (const statement of byStatement.keys()) {
    assert(
      act.statements.includes(statement),
      `The act ${act.name} does not declare a statement that it uses.`,
    );
  }
  const rows = act.statements.map((statement, index) => {
    const columns = compiled.statements[index]?.columns ?? [];
    return (byStatement.get(statement) ?? []).map((row) => valuesOf(row, columns, act));
  });
  return { ...emptyQuery, act: compiled, rows };
}

const emptyQuery = {
  sql: 'an act',
  parameters: [],
  query: { kind: 'RawNode', sqlFragments: ['an act'], parameters: [] },
  queryId: { queryId: 'act' },
} as const;

function valuesOf(row: object, columns: readonly string[], act: Act): unknown[] {
  return columns.map((column) => storable((row as Record<string, unknown>)[column], column, act));
}

/** As JSON carries it to SQLite: no bytes, no NUL, and only valid Unicode. */
function storable(value: unknown, column: string, { name }: Act): string | number | null {
  if (value === null) return null;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string' && !value.includes('\0')) return value.toWellFormed();
  throw new TypeError(
    `The act ${name} cannot store the value of ${column}: only text without NUL, numbers and null.`,
  );
}

const compiledActs = new Map<Act, CompiledAct>();

function compiledAct(db: Db, act: Act): CompiledAct {
  const known = compiledActs.get(act);
  if (known) return known;
  const compiled = compileAct(db, act.name, act.statements);
  compiledActs.set(act, compiled);
  return compiled;
}

/** `changed`: nothing was written, and it was tried again. `transaction`: it ran as an ordinary transaction. */
type ActOutcome = 'done' | 'changed' | 'transaction';

export interface ActCount {
  act: string;
  outcome: ActOutcome;
  count: number;
}

const counts = new WeakMap<Db, Map<string, ActCount>>();

function count(db: Db, { name }: Act, outcome: ActOutcome): void {
  const own = counts.get(db) ?? new Map<string, ActCount>();
  counts.set(db, own);
  const key = `${name} ${outcome}`;
  const counted = own.get(key) ?? { act: name, outcome, count: 0 };
  counted.count += 1;
  own.set(key, counted);
}

/** How often each act came to each outcome, since this connection was opened. */
export function actCounts(db: Db): ActCount[] {
  return [...(counts.get(db)?.values() ?? [])].map((counted) => ({ ...counted }));
}

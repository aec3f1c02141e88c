/**
 * Writes that are declared once. Each goes into a transaction, which runs it at once, or into the rows of an act, which are
 * committed together later (see `acts.ts`).
 */
import type { Compilable, Insertable } from 'kysely';
import type { Db, Tx } from './connect.ts';
import { ConflictError } from './errors.ts';
import { type Insert, insertRows } from './insert-rows.ts';
import { compiledOnce, filledWith, StandIn, standIns } from './prepared.ts';
import type { Schema } from './schema/schema.ts';

export type WriteTarget = Tx | ActRows;

export interface DeclaredWrite<Values> {
  (to: WriteTarget, values: Values): Promise<void>;
  readonly statement: RowStatement;
}

/** What is done with one row of values. */
export interface RowStatement {
  /** Missing where it only checks. */
  write?: (db: Db) => Compilable<unknown>;
  /** Set when the write is an insert of one row, and nothing else is checked: its columns in their order. */
  insertColumns?: readonly string[];
  /** The write has to change exactly one row. */
  changesOne?: boolean;
  /** This must find nothing afterwards. */
  unless?: (db: Db) => Compilable<unknown>;
}

/** The rows of one act, collected until they are committed. Reads do not see them before that. */
export class ActRows {
  readonly byStatement = new Map<RowStatement, object[]>();

  add(statement: RowStatement, rows: readonly object[]): void {
    const collected = this.byStatement.get(statement);
    if (collected) collected.push(...rows);
    else this.byStatement.set(statement, [...rows]);
  }
}

/** An insert of any number of rows, each with exactly these columns. `finish` may add what follows the values. */
export function declareInsert<Table extends keyof Schema>(
  table: Table,
  columns: readonly (keyof Schema[Table] & string)[],
  finish: (insert: Insert<Table>) => Compilable<unknown> = (insert) => insert,
): DeclaredWrite<readonly Insertable<Schema[Table]>[]> {
  const insert = insertRows(table, finish);
  const standIn = Object.fromEntries(columns.map((column) => [column, new StandIn(column)]));
  const statement: RowStatement = {
    insertColumns: columns,
    write: (db) => finish(db.insertInto(table).values(standIn as never) as unknown as Insert<Table>),
  };
  const write = async (to: WriteTarget, rows: readonly Insertable<Schema[Table]>[]) => {
    if (to instanceof ActRows) to.add(statement, rows);
    else await insert(to, rows);
  };
  return Object.assign(write, { statement });
}

/**
 * Any other write of one row of values; `build` gets stand-ins, as in `prepared`. It is refused, with all that belongs to it,
 * unless it changes exactly one row (`changesOne`), or when `unless` finds anything afterwards.
 */
export function declareWrite<Values extends object>(
  build: Build<Values>,
  { changesOne = false, unless }: { changesOne?: boolean; unless?: Build<Values> } = {},
): DeclaredWrite<Values> {
  return declared({
    write: (db) => build(db, standIns<Values>()),
    changesOne,
    ...(unless && { unless: (db) => unless(db, standIns<Values>()) }),
  });
}

/** Writes nothing, and is refused when `unless` finds anything. Costs less than a read before an act. */
export function declareCheck<Values extends object>(unless: Build<Values>): DeclaredWrite<Values> {
  return declared({ unless: (db) => unless(db, standIns<Values>()) });
}

type Build<Values> = (db: Db, values: Values) => Compilable<unknown>;

function declared<Values extends object>(statement: RowStatement): DeclaredWrite<Values> {
  const compiledWrite = statement.write && compiledOnce(statement.write);
  const compiledCheck = statement.unless && compiledOnce(statement.unless);
  const run = async (to: WriteTarget, values: Values) => {
    if (to instanceof ActRows) return to.add(statement, [values]);
    const written = compiledWrite && (await to.executeQuery(filledWith(compiledWrite(to), values)));
    if (statement.changesOne && written?.numAffectedRows !== 1n) {
      throw new ConflictError('the row to change is not there any more');
    }
    const found = compiledCheck && (await to.executeQuery(filledWith(compiledCheck(to), values)));
    if (found && found.rows.length > 0) throw new ConflictError('there is what must not be there');
  };
  return Object.assign(run, { statement });
}

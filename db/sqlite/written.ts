import assert from 'node:assert/strict';
import type { CompiledQuery } from 'kysely';
import { assertBindable } from '../bindable.ts';
import type { InsertParts, LaterQuery } from '../driver-queries.ts';
import { assertStorable, inPlaceOfMarks, literal } from './marks.ts';

/**
 * A statement with its values written into it. The driver binds values to one statement only and takes a trip to
 * the thread pool for each, which for eight inserts costs more than the inserts; a script takes one trip.
 */
export function written({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): string {
  assertBindable(parameters, sql);
  const script = inPlaceOfMarks(sql, parameters.length, (index) => literal(parameters[index]));
  assert(script !== undefined, `not every ? is a value in: ${sql}`);
  return script;
}

/** A write of an act, its values apart from it. */
export interface Piece {
  /** With a `?` for each value. */
  sql: string;
  values: readonly unknown[];
  /** Inserts only: rows of other inserts that differ in nothing else may be added. */
  insert: InsertParts | undefined;
  /** What has to hold right after it, as a statement. */
  check: string | undefined;
}

/** Throws for what cannot be stored, so that it fails by itself and not with its neighbours. */
export function piecesOf(queries: readonly LaterQuery[]): Piece[] {
  return queries.map(({ sql, parameters, insert, changes }) => {
    assertBindable(parameters, sql);
    for (const value of parameters) assertStorable(value);
    return { sql, values: parameters, insert, check: changes === undefined ? undefined : expecting(changes) };
  });
}

/** A statement of a script: what comes before the rows of an insert, or all of any other statement, and so on. */
interface WrittenStatement {
  before: string;
  rows: string[] | undefined;
  after: string;
}

/**
 * The writes of several acts as one script. Each act's stay in their order; inserts into the same columns become one
 * statement, since SQLite takes longer to compile an insert than to carry it out.
 */
export function writtenTogether(acts: readonly (readonly Piece[])[]): string {
  const statements: WrittenStatement[] = [];
  for (const act of acts) {
    let last = -1;
    for (const piece of act) last = add(statements, writtenPiece(piece), last);
  }
  return statements.map(({ before, rows = [], after }) => before + rows.join(', ') + after).join(';\n');
}

function writtenPiece({ sql, values, insert, check }: Piece): WrittenStatement {
  if (insert) return { ...insert, rows: writtenRows(values, insert.columns) };
  return {
    before: written({ sql, parameters: values }),
    rows: undefined,
    after: check === undefined ? '' : `;\n${check}`,
  };
}

/** Puts the piece into a statement that comes after the act's `last` one, or is that, and answers with its place. */
function add(statements: WrittenStatement[], piece: WrittenStatement, last: number): number {
  const place = statements.findIndex((statement, index) => index >= last && isAlike(statement, piece));
  const alike = place < 0 ? undefined : statements[place]?.rows;
  if (alike && piece.rows) {
    alike.push(...piece.rows);
    return place;
  }
  statements.splice(last + 1, 0, piece);
  return last + 1;
}

function isAlike(one: WrittenStatement, other: WrittenStatement): boolean {
  return (
    one.rows !== undefined &&
    other.rows !== undefined &&
    one.before === other.before &&
    one.after === other.after
  );
}

function writtenRows(values: readonly unknown[], columns: number): string[] {
  const rows: string[] = [];
  for (let from = 0; from < values.length; from += columns) {
    let row = '(';
    for (let index = from; index < from + columns; index++) {
      row += index === from ? literal(values[index]) : `, ${literal(values[index])}`;
    }
    rows.push(`${row})`);
  }
  return rows;
}

/** See `expected` in the writer's settings. */
function expecting(changes: number): string {
  return `insert into expected select changes() = ${changes}`;
}

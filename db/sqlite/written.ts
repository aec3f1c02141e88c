import assert from 'node:assert/strict';
import type { CompiledQuery } from 'kysely';
import { assertBindable } from '../bindable.ts';
import type { LaterQuery } from '../later.ts';

/**
 * A statement with its values written into it. The driver binds values to one statement only and takes a trip to
 * the thread pool for each, which for eight inserts costs more than the inserts; a script takes one trip.
 */
export function written({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): string {
  assertBindable(parameters, sql);
  const parts = sql.split('?');
  assert.equal(parts.length, parameters.length + 1, `not every ? is a value in: ${sql}`);
  let script = parts[0] ?? '';
  for (let i = 0; i < parameters.length; i++) script += literal(parameters[i]) + parts[i + 1];
  return script;
}

/** A write of an act as it goes into a script. */
export interface WrittenPiece {
  /** What comes before the rows of an insert, or all of any other statement. */
  before: string;
  /** Inserts only: rows of other inserts that differ in nothing else may be added. */
  rows: string[] | undefined;
  after: string;
}

/** Throws for what no script can hold, so that it fails by itself and not with its neighbours. */
export function writtenPieces(queries: readonly LaterQuery[]): WrittenPiece[] {
  return queries.map((query) => {
    const { insert, parameters, changes } = query;
    if (insert) return { ...insert, rows: writtenRows(parameters, insert.columns, insert.before) };
    const after = changes === undefined ? '' : `;\n${expecting(changes)}`;
    return { before: written(query), rows: undefined, after };
  });
}

/**
 * The writes of several acts as one script. Each act's stay in their order; inserts into the same columns become one
 * statement, since SQLite takes longer to compile an insert than to carry it out.
 */
export function writtenTogether(acts: readonly (readonly WrittenPiece[])[]): string {
  const statements: WrittenPiece[] = [];
  for (const act of acts) {
    let last = -1;
    for (const piece of act) last = add(statements, piece, last);
  }
  return statements.map(({ before, rows = [], after }) => before + rows.join(', ') + after).join(';\n');
}

/** Puts the piece into a statement that comes after the act's `last` one, or is that, and answers with its place. */
function add(statements: WrittenPiece[], piece: WrittenPiece, last: number): number {
  const place = statements.findIndex((statement, index) => index >= last && isAlike(statement, piece));
  const alike = place < 0 ? undefined : statements[place]?.rows;
  if (alike && piece.rows) {
    alike.push(...piece.rows);
    return place;
  }
  // A list of its own: the piece is used again should the script be refused.
  statements.splice(last + 1, 0, { ...piece, rows: piece.rows && [...piece.rows] });
  return last + 1;
}

function isAlike(one: WrittenPiece, other: WrittenPiece): boolean {
  return (
    one.rows !== undefined &&
    other.rows !== undefined &&
    one.before === other.before &&
    one.after === other.after
  );
}

function writtenRows(values: readonly unknown[], columns: number, sql: string): string[] {
  assertBindable(values, sql);
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
  return `insert into temp.expected select changes() = ${changes}`;
}

/** https://www.sqlite.org/lang_expr.html#literal_values_constants_ */
function literal(value: unknown): string {
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  const text = String(value);
  if (typeof value === 'number') {
    assert(Number.isFinite(value), `${text} is no number that can be stored`);
    return text;
  }
  // A script ends at NUL, and what came after it would be lost.
  assert(!text.includes('\0'), 'a text with NUL cannot be stored');
  return text.includes("'") ? `'${text.replaceAll("'", "''")}'` : `'${text}'`;
}

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

/**
 * The writes of several acts as one script. Each act's stay in their order; inserts into the same columns become one
 * statement, since SQLite takes longer to compile an insert than to carry it out.
 */
export function writtenTogether(acts: readonly (readonly LaterQuery[])[]): string {
  const statements: Statement[] = [];
  for (const act of acts) {
    let last = -1;
    for (const query of act) last = add(statements, query, last);
  }
  return statements.map(({ text, rows, after }) => text + rows.join(', ') + after).join(';\n');
}

interface Statement {
  /** Inserts of the same shape may share a statement. */
  shape: string | undefined;
  text: string;
  rows: string[];
  after: string;
}

/** Puts the query into a statement that comes after the act's `last` one, or is that, and answers with its place. */
function add(statements: Statement[], query: LaterQuery, last: number): number {
  const { insert, parameters, changes } = query;
  if (!insert) {
    const after = changes === undefined ? '' : `;\n${expecting(changes)}`;
    statements.splice(last + 1, 0, { shape: undefined, text: written(query), rows: [], after });
    return last + 1;
  }
  const shape = insert.before + insert.after;
  const rows = writtenRows(parameters, insert.columns, insert.before);
  const place = statements.findIndex((statement, index) => index >= last && statement.shape === shape);
  const same = statements[place];
  if (same) {
    same.rows.push(...rows);
    return place;
  }
  statements.splice(last + 1, 0, { shape, text: insert.before, rows, after: insert.after });
  return last + 1;
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

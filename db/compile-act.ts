import assert from 'node:assert/strict';
import type { Compilable } from 'kysely';
import type { Db } from './connect.ts';
import type { CompiledAct, CompiledStatement } from './driver-queries.ts';
import { StandIn } from './prepared.ts';
import { fillPlaceholders, literal } from './sqlite/literals.ts';
import type { RowStatement } from './writes.ts';

/** The statements of an act as SQLite runs them in the body of a trigger. */
export function compileAct(db: Db, name: string, statements: readonly RowStatement[]): CompiledAct {
  return { name, statements: statements.map((statement) => compileStatement(db, statement)) };
}

function compileStatement(
  db: Db,
  { write, insertColumns, changesOne, unless }: RowStatement,
): CompiledStatement {
  if (write && insertColumns) return compileInsert(write(db), insertColumns);
  const columns = new Set<string>();
  const sql = write ? [inTrigger(write(db), columns)] : [];
  if (changesOne) sql.push(`${refuse} WHERE changes() <> 1`);
  if (unless) sql.push(`${refuse} WHERE EXISTS (${inTrigger(unless(db), columns)})`);
  return { columns: [...columns], sql: sql.join(';\n'), takes: 'row' };
}

/** An insert takes its rows from the list itself, which costs less than a trigger for each. */
function compileInsert(query: Compilable<unknown>, columns: readonly string[]): CompiledStatement {
  const { sql, parameters } = query.compile();
  const row = `values (${columns.map(() => '?').join(', ')})`;
  assert(parameters.length === columns.length && sql.includes(row), `not an insert of one row: ${sql}`);
  const values = columns.map((_, place) => `value ->> ${place}`);
  const select = `SELECT ${values.join(', ')} FROM json_each(:rows) WHERE true`;
  return { columns, sql: sql.replace(row, select), takes: 'rows' };
}

const refuse = `SELECT RAISE(ABORT, 'what the act relied on has changed')`;

/** With the values of the row in the place of their stand-ins. */
function inTrigger(query: Compilable<unknown>, columns: Set<string>): string {
  const { sql, parameters } = query.compile();
  const filled = fillPlaceholders(sql, parameters.length, (index) => {
    const parameter = parameters[index];
    if (!(parameter instanceof StandIn)) return literal(parameter as string | number | null);
    columns.add(String(parameter.name));
    return `NEW."${String(parameter.name)}"`;
  });
  assert(filled !== undefined, `not every ? stands for a value in: ${sql}`);
  return filled;
}

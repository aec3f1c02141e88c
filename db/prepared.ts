import type { Compilable, CompiledQuery } from 'kysely';
import { type DatabaseKind, type Db, databaseKind, type Tx } from './connect.ts';
import { sendLater } from './later.ts';
import { inPlaceOfMarks, literal } from './sqlite/marks.ts';

/**
 * Compiles a hot query once and runs it with new values each time. `build` gets a stand-in for every
 * value, so it may hand them to Kysely but not look at them.
 *
 *     const signupByToken = prepared((db, of: { tokenHash: string }) =>
 *       db.selectFrom('signups').selectAll().where('token_hash', '=', of.tokenHash));
 *     const [signup] = await signupByToken(tx, { tokenHash });
 */
export function prepared<Values extends object, Row>(
  build: Build<Values, Row>,
): (db: Db | Tx, values: Values) => Promise<Row[]> {
  const filled = fillable(build);
  return async (db, values) => {
    const { rows } = await db.executeQuery<Row>(filled(db, values));
    return rows;
  };
}

/** The same for a write whose result nobody waits for (see `writeLater`). */
export function preparedLater<Values extends object>(
  build: Build<Values, unknown>,
): (tx: Tx, values: Values) => Promise<void> {
  const filled = fillable(build);
  return (tx, values) => sendLater(tx, filled(tx, values));
}

/** Like `preparedLater`; in an optimistic act it has to find exactly one row to change. */
export function preparedChange<Values extends object>(
  build: Build<Values, unknown>,
): (tx: Tx, values: Values) => Promise<void> {
  const filled = fillable(build);
  return (tx, values) => sendLater(tx, filled(tx, values), { changes: 1 });
}

type Build<Values, Row> = (db: Db | Tx, values: Values) => Compilable<Row>;

function fillable<Values extends object, Row>(
  build: Build<Values, Row>,
): (db: Db | Tx, values: Values) => CompiledQuery<Row> {
  const compiledFor = compiledOnce((db) => build(db, standIns<Values>()));
  return (db, values) => {
    const query = compiledFor(db);
    const parameters = query.parameters.map((parameter) =>
      parameter instanceof StandIn ? values[parameter.name as keyof Values] : parameter,
    );
    return { ...query, parameters };
  };
}

/** By kind of database. */
export function compiledOnce<Row>(
  build: (db: Db | Tx) => Compilable<Row>,
): (db: Db | Tx) => CompiledQuery<Row> {
  const compiled = new Map<DatabaseKind, CompiledQuery<Row>>();
  return (db) => {
    const kind = databaseKind(db);
    const known = compiled.get(kind);
    if (known) return known;
    const built = build(db).compile();
    const query = kind === 'sqlite' ? compiledToStay(built) : built;
    compiled.set(kind, query);
    return query;
  };
}

/**
 * With what never changes written out. A value that its plan might depend on makes SQLite compile the statement anew
 * each time it is bound: one that might fulfil the condition of a partial index, or a limit that is nothing else.
 * https://www.sqlite.org/c3ref/prepare.html (the last of the three differences)
 */
function compiledToStay<Row>(query: CompiledQuery<Row>): CompiledQuery<Row> {
  const { parameters } = query;
  const sql = inPlaceOfMarks(query.sql, parameters.length, (index) =>
    isConstant(parameters[index]) ? literal(parameters[index]) : '?',
  );
  if (sql === undefined) return query;
  return {
    ...query,
    sql: sql.replaceAll(/\blimit \?/g, 'limit ? + 0'),
    parameters: parameters.filter((parameter) => !isConstant(parameter)),
  };
}

/** What stands in for a value is neither text nor number. A `?` in a text would be taken for one. */
function isConstant(parameter: unknown): boolean {
  return typeof parameter === 'string' ? !/[?\0]/.test(parameter) : Number.isInteger(parameter);
}

class StandIn {
  readonly name: string | symbol;

  constructor(name: string | symbol) {
    this.name = name;
  }

  [Symbol.toPrimitive](): never {
    throw new Error(`A prepared query cannot look at its value "${String(this.name)}".`);
  }
}

function standIns<Values extends object>(): Values {
  return new Proxy({} as Values, { get: (_, name) => new StandIn(name) });
}

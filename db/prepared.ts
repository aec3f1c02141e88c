import type { Compilable, CompiledQuery } from 'kysely';
import { type DatabaseKind, type Db, databaseKind, type Reader } from './connect.ts';
import { fillPlaceholders, literal } from './sqlite/literals.ts';

/**
 * Compiles a frequent query once and runs it with new values each time. `build` gets a stand-in for each value: it can hand
 * it to Kysely, but cannot look at it.
 *
 *     const signupByToken = prepared((db, of: { tokenHash: string }) =>
 *       db.selectFrom('signups').selectAll().where('token_hash', '=', of.tokenHash));
 *     const [signup] = await signupByToken(tx, { tokenHash });
 */
export function prepared<Values extends object, Row>(
  build: (db: Db, values: Values) => Compilable<Row>,
): (db: Reader, values: Values) => Promise<Row[]> {
  // Only compiled with it.
  const compiledFor = compiledOnce((db: Reader) => build(db as Db, standIns<Values>()));
  return async (db, values) => (await db.executeQuery<Row>(filledWith(compiledFor(db), values))).rows;
}

/** The query with values in the place of their stand-ins. */
export function filledWith<Values extends object, Row>(
  query: CompiledQuery<Row>,
  values: Values,
): CompiledQuery<Row> {
  const parameters = query.parameters.map((parameter) =>
    parameter instanceof StandIn ? values[parameter.name as keyof Values] : parameter,
  );
  return { ...query, parameters };
}

/** By kind of database. */
export function compiledOnce<Row, Database extends Reader>(
  build: (db: Database) => Compilable<Row>,
): (db: Database) => CompiledQuery<Row> {
  const compiled = new Map<DatabaseKind, CompiledQuery<Row>>();
  return (db) => {
    const kind = databaseKind(db);
    const known = compiled.get(kind);
    if (known) return known;
    const built = build(db).compile();
    const query = kind === 'sqlite' ? withConstantsInlined(built) : built;
    compiled.set(kind, query);
    return query;
  };
}

/**
 * With the values that never change written into the SQL. SQLite compiles a statement again whenever a value is bound that
 * its plan may depend on: one that may fulfil the condition of a partial index, or a limit that is only a parameter.
 * https://www.sqlite.org/c3ref/prepare.html (the last of the three differences)
 */
function withConstantsInlined<Row>(query: CompiledQuery<Row>): CompiledQuery<Row> {
  const { parameters } = query;
  const sql = fillPlaceholders(query.sql, parameters.length, (index) => {
    const parameter = parameters[index];
    return isConstant(parameter) ? literal(parameter) : '?';
  });
  if (sql === undefined) return query;
  return {
    ...query,
    sql: sql.replaceAll(/\blimit \?/g, 'limit ? + 0'),
    parameters: parameters.filter((parameter) => !isConstant(parameter)),
  };
}

/** A stand-in is neither text nor number. A text with `?` would be mistaken for a placeholder. */
function isConstant(parameter: unknown): parameter is string | number {
  return typeof parameter === 'string' ? !/[?\0]/.test(parameter) : Number.isInteger(parameter);
}

/** Holds the place of a value while a query is compiled. */
export class StandIn {
  readonly name: string | symbol;

  constructor(name: string | symbol) {
    this.name = name;
  }

  [Symbol.toPrimitive](): never {
    throw new Error(`A prepared query cannot look at its value "${String(this.name)}".`);
  }
}

export function standIns<Values extends object>(): Values {
  return new Proxy({} as Values, { get: (_, name) => new StandIn(name) });
}

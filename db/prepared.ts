import type { Compilable, CompiledQuery } from 'kysely';
import { type DatabaseKind, type Db, databaseKind, type Tx } from './connect.ts';

/**
 * Compiles a hot query once and runs it with new values each time. `build` gets a stand-in for every
 * value, so it may hand them to Kysely but not look at them.
 *
 *     const signupByToken = prepared((db, of: { tokenHash: string }) =>
 *       db.selectFrom('signups').selectAll().where('token_hash', '=', of.tokenHash));
 *     const [signup] = await signupByToken(tx, { tokenHash });
 */
export function prepared<Values extends object, Row>(
  build: (db: Db | Tx, values: Values) => Compilable<Row>,
): (db: Db | Tx, values: Values) => Promise<Row[]> {
  const compiled = new Map<DatabaseKind, CompiledQuery<Row>>();

  function compiledFor(db: Db | Tx): CompiledQuery<Row> {
    const kind = databaseKind(db);
    const query = compiled.get(kind) ?? build(db, standIns<Values>()).compile();
    compiled.set(kind, query);
    return query;
  }

  return async (db, values) => {
    const query = compiledFor(db);
    const parameters = query.parameters.map((parameter) =>
      parameter instanceof StandIn ? values[parameter.name as keyof Values] : parameter,
    );
    const { rows } = await db.executeQuery<Row>({ ...query, parameters });
    return rows;
  };
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

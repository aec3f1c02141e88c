import { once } from 'node:events';
import { type Dialect, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import { Pool, type PoolClient, type PoolConfig, type Submittable, types } from 'pg';
import Cursor from 'pg-cursor';
import { assertBindable } from '../bindable.ts';

/** PostgreSQL over a pool. `?pool=20` in the URL sets its size. */
export function postgresDialect(url: string): Dialect {
  const { connectionString, max } = poolSize(url);
  const pool = new Pool({ ...settings, connectionString, max });
  // The pool drops a connection that is lost while idle; without a listener its event would end the process.
  pool.on('error', () => undefined);
  return new PostgresDialect({ pool: preparing(pool), cursor: LossAwareCursor });
}

/** The cursor of pg waits for an answer to its close, which a lost connection never gives. */
class LossAwareCursor<T> extends Cursor<T> {
  override async close(): Promise<void> {
    const { connection } = this;
    if (connection?.stream.destroyed) return;
    await Promise.race([super.close(), ...(connection ? [once(connection, 'end')] : [])]);
  }
}

const settings: PoolConfig = {
  application_name: 'jawort',
  connectionTimeoutMillis: 10_000,
  keepAlive: true,
  onConnect: async (client) => {
    // While a client is in use the pool listens to none of its events, and a connection may be lost between two queries.
    // The next query fails and says so.
    client.on('error', () => undefined);
    await client.query(session);
  },
  types: { getTypeParser },
};

// Said once connected: a PgBouncer in between refuses most of what is said while connecting. Without `jit`, because
// compiling a plan takes 20 ms each time, and pays for reports over millions of rows, of which we have none.
const session = `
  SET statement_timeout = '30s';
  SET lock_timeout = '10s';
  SET idle_in_transaction_session_timeout = '30s';
  SET jit = off`;

const int8 = 20;
const numeric = 1700;

/** Counts and sums are numbers here as on SQLite; everything else is text or what pg makes of it. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === int8 || oid === numeric) return Number;
  return types.getTypeParser(oid, format as 'text');
}

function poolSize(url: string): { connectionString: string; max: number } {
  const [base, query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  const size = Number(parameters.get('pool') ?? 10);
  if (!Number.isInteger(size) || size < 1) throw new Error(`DATABASE_URL has a pool of ${size} connections.`);
  parameters.delete('pool');
  return { connectionString: `${base}?${parameters}`, max: size };
}

const mostPrepared = 500;

/** Gives each query text a name, so that PostgreSQL parses and plans it once for each connection. */
function preparing(pool: Pool): PostgresPool {
  const names = new Map<string, string>();
  const orderly = new WeakMap<PoolClient, PostgresPoolClient>();

  function nameOf(sql: string): string | undefined {
    const known = names.get(sql);
    if (known || names.size >= mostPrepared) return known;
    const name = `jawort_${names.size}`;
    names.set(sql, name);
    return name;
  }

  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      const kept = orderly.get(client) ?? orderlyClient(client, nameOf);
      orderly.set(client, kept);
      return kept;
    },
  };
}

/** One query after another. What comes after the end of its transaction is refused, not let out of it. */
function orderlyClient(client: PoolClient, nameOf: (sql: string) => string | undefined): PostgresPoolClient {
  let last: Promise<unknown> = Promise.resolve();
  let ending = false;

  async function query(text: string, values: readonly unknown[]): Promise<unknown> {
    if (ending) throw new Error('This came after the end of its transaction. Wait for every query.');
    // Kysely asks the catalogue with booleans, which our own tables do not have.
    if (!text.includes('"pg_catalog"')) assertBindable(values, text);
    const name = values.length > 0 ? nameOf(text) : undefined;
    const result = last.then(() => client.query({ name, text, values: [...values] }));
    last = result.catch(() => undefined);
    if (text !== 'commit' && text !== 'rollback') return result;
    ending = true;
    return result.finally(() => {
      ending = false;
    });
  }

  const orderly = {
    get processID() {
      return (client as PoolClient & { processID?: number }).processID;
    },
    release: (discard?: boolean) => client.release(discard),
    query: (textOrCursor: string | Submittable, values: readonly unknown[]) =>
      typeof textOrCursor === 'string' ? query(textOrCursor, values) : client.query(textOrCursor),
  };
  return orderly as PostgresPoolClient;
}

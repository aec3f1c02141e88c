import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import type { Kysely, KyselyPlugin, RootOperationNode } from 'kysely';
import type { Migration } from 'kysely/migration';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type Db } from '#db/connect.ts';
import { migrate } from '#db/migrate.ts';
import { migrations } from '#db/migrations/index.ts';
import { databases, freshDatabaseUrl } from '#tests/support/databases.ts';
import landed from './landed-migrations.json' with { type: 'json' };

/** Numbered ones are recorded in databases and keep their names. */
const lastNumbered = '0038-key-makers';

describe('migrations', () => {
  it('are listed by hand, each file once', () => {
    const files = readdirSync('db/migrations').filter((file) => file !== 'index.ts');
    expect(Object.keys(migrations).map((migration) => `${migration}.ts`)).toEqual(files.sort());
  });

  it('are named by the minute they were written in, as 20261201-0930-what-changes', () => {
    const names = Object.keys(migrations).filter((migration) => migration > lastNumbered);
    for (const migration of names) expect(migration).toMatch(/^20\d{6}-\d{4}-[a-z0-9-]+$/);
  });
});

describe.each(databases)('a migration that has landed, on %s', (name) => {
  let db: Db;
  let drop: () => Promise<void>;

  beforeEach(async () => {
    const fresh = await freshDatabaseUrl(name);
    drop = fresh.drop;
    db = await connect(fresh.url);
  });
  afterEach(async () => {
    await db.destroy();
    await drop();
  });

  // A database that has it never runs it again. To change something, add another migration; a new one is added to
  // landed-migrations.json with the hash that this test shows.
  it('never runs other statements than when it landed', async () => {
    const hashes: Record<string, string> = {};
    const recorded = Object.entries(migrations).map(([migration, { up }]): [string, Migration] => [
      migration,
      {
        async up(tx) {
          const statements: RootOperationNode[] = [];
          await up(tx.withPlugin(recording(statements)));
          hashes[migration] = hashOf(statements, tx);
        },
      },
    ]);
    await migrate(db, Object.fromEntries(recorded));
    expect(hashes).toEqual(landed[name]);
  });
});

function recording(statements: RootOperationNode[]): KyselyPlugin {
  return {
    transformQuery({ node }) {
      statements.push(node);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
}

/** Of the SQL alone: comments and names of functions may still change. */
function hashOf(statements: RootOperationNode[], tx: Kysely<unknown>): string {
  const executor = tx.getExecutor();
  const queries = statements.map((node) => executor.compileQuery(node, { queryId: 'landed' }));
  const shown = queries.map(({ sql, parameters }) => [sql.replaceAll(/\s+/g, ' ').trim(), parameters]);
  return createHash('sha256').update(JSON.stringify(shown)).digest('hex');
}

import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Schema } from '#db/schema/schema.ts';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { askedAddress } from '#tests/bench/decisions/asked.ts';
import { seedPeople } from '#tests/bench/decisions/seed.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';

const people = 20_000;

describe('how PostgreSQL answers a question about many addresses', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openTestApp('postgres');
    // What the seed sets for its session is to hold for all of it.
    const { app } = test;
    await app.db.connection().execute((connection) => seedPeople(connection, app.keys, 0, people));
  });
  afterAll(() => test.close());

  it('plans once, and compares no row with every address', async () => {
    const plans = await test.app.db.connection().execute(async (connection) => {
      for (let round = 0; round < 10; round++) {
        const addresses = Array.from({ length: 60 }, (_, n) => askedAddress(round * 60 + n, people));
        await decideContacts(test.app, connection, news, addresses);
      }
      return plansOf(connection);
    });
    expect(plans.length).toBeGreaterThanOrEqual(4);
    for (const { statement, generic, plan } of plans) {
      expect(generic, statement).toBeGreaterThan(0);
      expect(plan, statement).not.toMatch(/Join Filter: .*each/);
    }
  });
});

const news = {
  purpose: 'product-news',
  channel: 'email',
  audience: 'consumer',
  jurisdiction: 'DE',
} as const;

/** Of every question about keys that this connection has prepared. */
async function plansOf(connection: Kysely<Schema>) {
  const { rows } = await sql<{ name: string; statement: string; generic: number; parameters: number }>`
    SELECT name, statement, generic_plans AS generic, cardinality(parameter_types) AS parameters
    FROM pg_prepared_statements WHERE statement LIKE '%string_to_array%'`.execute(connection);
  await sql`SET plan_cache_mode = force_generic_plan`.execute(connection);
  const plans = [];
  for (const { name, parameters, ...prepared } of rows) {
    const nulls = Array.from({ length: parameters }, () => 'NULL').join(', ');
    const { rows: lines } = await sql
      .raw<{ 'QUERY PLAN': string }>(`EXPLAIN EXECUTE "${name}" (${nulls})`)
      .execute(connection);
    plans.push({ ...prepared, plan: lines.map((line) => line['QUERY PLAN']).join('\n') });
  }
  await sql`RESET plan_cache_mode`.execute(connection);
  return plans;
}

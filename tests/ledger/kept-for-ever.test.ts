import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordAudit } from '#src/staff/audit.ts';
import { openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

/** What src/docs/legal.md says is never changed, with a column of each. Approved texts: tests/consent-texts/kept-words.test.ts. */
const kept = { events: 'actor', form_versions: 'number', audit_entries: 'details' };

describe.each(databases)('what is kept for ever on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    const at = test.app.now().toISOString();
    await test.app.db.transaction().execute((tx) => recordAudit(tx, at, null, 'key.made', 'key:x'));
  });
  afterEach(() => test.close());

  it.each(Object.entries(kept))('is not changed, emptied or deleted in %s', async (table, column) => {
    const rows = async () => (await sql`select * from ${sql.table(table)}`.execute(test.app.db)).rows;
    const before = await rows();
    expect(before.length).toBeGreaterThan(0);
    const tries = [
      sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sql.ref(column)}`,
      sql`delete from ${sql.table(table)}`,
      ...(name === 'postgres' ? [sql`truncate ${sql.table(table)} cascade`] : []),
    ];
    for (const one of tries) await expect(one.execute(test.app.db)).rejects.toThrow(/never/);
    expect(await rows()).toEqual(before);
  });
});

import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseKind } from '#db/connect.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { deriveKeys } from '#src/secrets/keys.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('verifyLedger on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
    await signUp(test.app, 'alice@example.org', ['product-news:email', 'partner-offers:email']);
    await confirmSignup(test.app, await newestToken(test.app, 'alice@example.org'), aClient);
  });
  afterEach(() => test.close());

  const faults = async () =>
    (await verifyLedger(test.app.db, test.app.keys)).faults.map(({ message }) => message);

  async function withoutTriggers(table: string): Promise<void> {
    const { db } = test.app;
    if (databaseKind(db) === 'postgres') {
      await sql`ALTER TABLE ${sql.table(table)} DISABLE TRIGGER USER`.execute(db);
      return;
    }
    const triggers = await sql<{ name: string }>`
      SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ${table}`.execute(db);
    for (const { name: trigger } of triggers.rows) await sql`DROP TRIGGER ${sql.id(trigger)}`.execute(db);
  }

  it('finds the permissions unchanged after refolding the whole ledger', async () => {
    const report = await verifyLedger(test.app.db, test.app.keys);
    expect(report).toEqual({ events: 4, permissions: 2, evidence: 2, erased: 0, faults: [] });
  });

  it('notices a permission that was changed past the ledger', async () => {
    const { db } = test.app;
    await db.updateTable('permissions').set({ state: 'withdrawn', settled_state: 'withdrawn' }).execute();
    expect((await faults()).filter((fault) => /state is withdrawn/.test(fault))).toHaveLength(4);
  });

  it('notices a permission that nothing happened to, and one that is gone', async () => {
    const { db } = test.app;
    const [one] = await db.selectFrom('permissions').selectAll().limit(1).execute();
    if (!one) throw new Error('no permission');
    const point = await db.selectFrom('contact_points').selectAll().executeTakeFirstOrThrow();
    await db
      .insertInto('contact_points')
      .values({ ...point, id: 'forged', channel: 'fax', lookup_hash: null })
      .execute();
    await db
      .insertInto('permissions')
      .values({ ...one, id: 'forged', contact_point_id: 'forged' })
      .execute();
    await db.deleteFrom('permissions').where('id', '=', one.id).execute();
    expect(await faults()).toEqual([
      'Permission forged has no event.',
      `Permission ${one.id} has events but is missing.`,
    ]);
  });

  it('lets nobody change or delete an event, a form version or approved words', async () => {
    const { db } = test.app;
    await expect(db.updateTable('events').set({ actor: 'nobody' }).execute()).rejects.toThrow(
      /never changed/,
    );
    await expect(db.deleteFrom('events').execute()).rejects.toThrow(/never/);
    await expect(db.updateTable('form_versions').set({ definition: '{}' }).execute()).rejects.toThrow(
      /never/,
    );
    await expect(db.deleteFrom('form_versions').execute()).rejects.toThrow(/never/);
    await expect(db.updateTable('form_version_pages').set({ html: '' }).execute()).rejects.toThrow(/never/);
    await expect(db.deleteFrom('form_version_pages').execute()).rejects.toThrow(/never/);
    await expect(
      db.updateTable('consent_text_versions').set({ wording: 'Ja zu allem.' }).execute(),
    ).rejects.toThrow(/never changed/);
    await expect(db.deleteFrom('consent_text_versions').execute()).rejects.toThrow(/never/);
  });

  it('notices an event that was changed with the triggers out of the way', async () => {
    const { db } = test.app;
    await withoutTriggers('events');
    await db
      .updateTable('events')
      .set({ occurred_at: '2020-01-01T00:00:00.000Z' })
      .where('number', '=', 1)
      .execute();
    expect((await faults()).filter((fault) => /does not fit its hash/.test(fault))).toHaveLength(2);
  });

  it('notices words and forms that were changed with the triggers out of the way', async () => {
    const { db } = test.app;
    for (const table of ['consent_text_versions', 'form_versions']) await withoutTriggers(table);
    const text = await db.selectFrom('consent_text_versions').select('id').limit(1).executeTakeFirstOrThrow();
    const form = await db.selectFrom('form_versions').select('id').limit(1).executeTakeFirstOrThrow();
    await db
      .updateTable('consent_text_versions')
      .set({ wording: 'Ja zu allem.' })
      .where('id', '=', text.id)
      .execute();
    await db.updateTable('form_versions').set({ definition: '{}' }).where('id', '=', form.id).execute();
    expect(await faults()).toEqual([
      `Consent text version ${text.id} does not fit its hash.`,
      `Form version ${form.id} does not fit its hash.`,
    ]);
  });

  it('notices a page of a form that was changed, even together with its hash', async () => {
    const { db } = test.app;
    await withoutTriggers('form_version_pages');
    const [first, second] = await db.selectFrom('form_version_pages').selectAll().limit(2).execute();
    const change = (page: typeof first, set: { html: string; sha256?: string }) =>
      db
        .updateTable('form_version_pages')
        .set(set)
        .where('version_id', '=', page?.version_id ?? '')
        .where('locale', '=', page?.locale ?? 'de')
        .execute();
    await change(first, { html: 'Ja zu allem.' });
    const sha256 = createHash('sha256').update('Ja zu allem.').digest('hex');
    await change(second, { html: 'Ja zu allem.', sha256 });
    expect((await faults()).sort()).toEqual(
      [first, second]
        .map(
          (page) => `What form version ${page?.version_id} shows in "${page?.locale}" does not fit its hash.`,
        )
        .sort(),
    );
  });

  it('notices evidence that was emptied though nobody erased its person', async () => {
    await test.app.db.updateTable('evidence').set({ content_enc: null }).execute();
    expect((await faults()).filter((fault) => /is empty/.test(fault))).toHaveLength(2);
  });

  it('notices evidence that was exchanged or is missing', async () => {
    const { db } = test.app;
    const rows = await db.selectFrom('evidence').selectAll().orderBy('id').execute();
    await db
      .updateTable('evidence')
      .set({ content_enc: rows[1]?.content_enc ?? null })
      .where('id', '=', rows[0]?.id ?? '')
      .execute();
    expect(await faults()).toEqual([`Evidence ${rows[0]?.id} does not fit its commitment.`]);
    await db
      .deleteFrom('evidence')
      .where('id', '=', rows[0]?.id ?? '')
      .execute();
    expect((await faults()).every((fault) => /which is missing/.test(fault))).toBe(true);
  });

  it('says so when it has the wrong secret', async () => {
    const report = await verifyLedger(test.app.db, deriveKeys('another secret that is long enough, too'));
    expect(report.faults.every(({ message }) => /APP_SECRET/.test(message))).toBe(true);
    expect(report.faults).toHaveLength(2);
  });
});

import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { effectOf } from '#src/consent-texts/effect.ts';
import { countPermissionsByVersion, settlePermissionCounts } from '#src/consent-texts/permission-counts.ts';
import { recheckVersions } from '#src/consent-texts/recheck-versions.ts';
import { scheduleVersion } from '#src/consent-texts/schedule-version.ts';
import { stepsOfText } from '#src/consent-texts/steps.ts';
import { publishDueTexts } from '#src/forms/publish-due-texts.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { approved, draft, inReview, liveVersion, lukas, newsDe, newsEn, version } from './desk.ts';

describe.each(databases)('what is kept of a text on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  describe('the database itself', () => {
    const tries: [string, string, RegExp][] = [
      ['other words', `wording = 'Ja zu allem.'`, /never changed/],
      ['another hash', `sha256 = 'abc'`, /never changed/],
      ['another number', `major = 9`, /never changed/],
      ['another approver', `approved_by = 'someone'`, /never changed/],
      ['another note', `approval_note = 'Nie gelesen.'`, /never changed/],
      ['another decision', `decided_change = 'editorial'`, /never changed/],
      ['other overrides', `overrides = '[1]'`, /never changed/],
      ['another author', `author_id = 'someone'`, /never changed/],
      ['a way back to draft', `state = 'draft'`, /never goes back/],
    ];

    it.each(tries)('refuses %s for an approved text', async (_what, set, why) => {
      const { app } = test;
      const id = await approved(app, undefined, newsDe, 'material');
      await expect(
        sql.raw(`UPDATE consent_text_versions SET ${set} WHERE id = '${id}'`).execute(app.db),
      ).rejects.toThrow(why);
    });

    it('refuses to delete an approved text, and to change or delete a step', async () => {
      const { db } = test.app;
      const id = await approved(test.app);
      const raw = (statement: string) => sql.raw(statement).execute(db);
      await expect(raw(`DELETE FROM consent_text_versions WHERE id = '${id}'`)).rejects.toThrow(
        /never deleted/,
      );
      await expect(raw(`UPDATE consent_text_steps SET actor_name = 'X'`)).rejects.toThrow(/never changed/);
      await expect(raw(`DELETE FROM consent_text_steps`)).rejects.toThrow(/never changed or deleted/);
      await expect(raw(`DELETE FROM consent_texts`)).rejects.toThrow();
    });

    it.skipIf(name === 'postgres')(
      'refuses to put another row in the place of one that is kept',
      async () => {
        const { db } = test.app;
        const id = await approved(test.app, undefined, newsDe, 'material');
        const before = await sql`SELECT * FROM consent_text_versions WHERE id = ${id}`.execute(db);
        const raw = (statement: string) => sql.raw(statement).execute(db);
        const copied = (replaced: string, where: string) =>
          raw(`CREATE TEMP TABLE copy AS SELECT ${replaced} FROM consent_text_versions WHERE ${where}`);
        const columns = Object.keys(before.rows[0] as object);
        const withOther = (values: Record<string, string>) =>
          columns.map((column) => (values[column] ? `${values[column]} AS ${column}` : column)).join(', ');
        const ways: Record<string, string>[] = [
          { wording: `'Ja.'` },
          { id: `'other'`, wording: `'Ja.'` },
          { id: `'other'`, minor: '77', wording: `'Ja.'`, state: `'draft'`, approved_at: 'NULL' },
        ];
        for (const values of ways) {
          await copied(withOther(values), `id = '${id}'`);
          await expect(
            raw('INSERT OR REPLACE INTO consent_text_versions SELECT * FROM copy'),
            JSON.stringify(values),
          ).rejects.toThrow(/never replaced/);
          await raw('DROP TABLE copy');
        }
        const other = await draft(test.app, newsEn);
        await expect(
          raw(`UPDATE OR REPLACE consent_text_versions SET id = '${id}' WHERE id = '${other}'`),
        ).rejects.toThrow(/never replaced/);
        await expect(
          raw(
            `UPDATE OR REPLACE consent_text_versions SET rowid = (SELECT rowid FROM consent_text_versions WHERE id = '${id}') WHERE id = '${other}'`,
          ),
        ).rejects.toThrow(/never replaced/);
        expect(await sql`SELECT * FROM consent_text_versions WHERE id = ${id}`.execute(db)).toEqual(before);
        await signUp(test.app, 'alice@example.org', ['product-news:email']);
        await raw(`INSERT INTO audit_entries VALUES ('a1', '2026', NULL, 'Lena', 'x', 'y', '{}')`);
        const tables = [
          'consent_text_steps',
          'form_versions',
          'form_version_pages',
          'audit_entries',
          'events',
        ];
        for (const table of tables) {
          await expect(
            raw(`INSERT OR REPLACE INTO ${table} SELECT * FROM ${table} LIMIT 1`),
            table,
          ).rejects.toThrow(/never replaced/);
        }
      },
    );

    it('lets nobody make invalid words valid again', async () => {
      const { app } = test;
      const id = await approved(app);
      const at = app.now().toISOString();
      const set = (value: string) =>
        sql
          .raw(`UPDATE consent_text_versions SET invalidated_at = ${value} WHERE id = '${id}'`)
          .execute(app.db);
      await set(`'${at}'`);
      await expect(set('NULL')).rejects.toThrow(/stays invalid/);
    });

    it('lets a draft be worked on', async () => {
      const id = await draft(test.app);
      await sql
        .raw(`UPDATE consent_text_versions SET wording = 'Neu.' WHERE id = '${id}'`)
        .execute(test.app.db);
      expect((await version(test.app, id)).wording).toBe('Neu.');
    });
  });

  describe('countPermissionsByVersion', () => {
    it('counts who waits, who said yes and who said no since, without looking at every permission', async () => {
      const { app } = test;
      const live = await liveVersion(app, newsDe);
      const under = async () => (await countPermissionsByVersion(app.db, [live.id])).get(live.id);
      await signUp(app, 'alice@example.org', ['product-news:email']);
      await signUp(app, 'bob@example.org', ['product-news:email']);
      expect(await under()).toEqual({ granted: 0, pending: 2, ended: 0 });
      for (const person of ['alice', 'bob']) {
        await confirmSignup(app, await newestToken(app, `${person}@example.org`), aClient);
      }
      expect(await under()).toEqual({ granted: 2, pending: 0, ended: 0 });
      expect((await settlePermissionCounts(app)).settled).toBeGreaterThan(0);
      expect(await under()).toEqual({ granted: 2, pending: 0, ended: 0 });
      expect(await settlePermissionCounts(app)).toEqual({ settled: 0 });
      await sql`UPDATE permissions SET settled_state = 'withdrawn'
        WHERE id = (SELECT min(id) FROM permissions WHERE settled_state = 'granted')`.execute(app.db);
      expect(await under()).toEqual({ granted: 1, pending: 0, ended: 1 });
      await settlePermissionCounts(app);
      expect(await under()).toEqual({ granted: 1, pending: 0, ended: 1 });
      await sql`DELETE FROM permissions`.execute(app.db);
      expect(await under()).toEqual({ granted: 0, pending: 0, ended: 0 });
    });
  });

  it('moves nobody to new words: who said yes before stays under the old version', async () => {
    const { app } = test;
    const old = await liveVersion(app, newsDe);
    await signUp(app, 'alice@example.org', ['product-news:email']);
    await confirmSignup(app, await newestToken(app, 'alice@example.org'), aClient);
    const de = await approved(app, undefined, newsDe, 'material');
    const english = (await liveVersion(app, newsEn)).wording;
    await approved(app, english.replace('Details are', 'More is'), newsEn, 'material');
    expect(await effectOf(app.db, await version(app, de), 'material')).toMatchObject({
      under: [{ number: '1.0', permissions: { granted: 1, pending: 0, ended: 0 } }],
      underNew: 0,
    });
    await scheduleVersion(app, lukas, de, 'at_once');
    await publishDueTexts(app);
    const permission = await app.db.selectFrom('permissions').selectAll().executeTakeFirstOrThrow();
    expect(permission).toMatchObject({ state: 'granted', text_version_id: old.id });
  });

  describe('recheckVersions', () => {
    it('checks every approved version again under other rules, once, and marks what would be refused', async () => {
      const { app } = test;
      await inReview(app);
      const bad = await approved(app, 'Ja zu Werbung von uns und unseren Partnern.', {
        purpose: 'price-list',
        channel: 'fax',
        locale: 'de',
      });
      // The override belongs to that version; without it the words would be refused.
      const { overrides } = await version(app, bad);
      expect(JSON.parse(overrides).length).toBeGreaterThan(0);
      const first = await recheckVersions(app, 'rules-of-tomorrow');
      expect(first.checked).toBeGreaterThan(10);
      expect(await recheckVersions(app, 'rules-of-tomorrow')).toEqual({ checked: 0, marked: 0 });
      expect((await version(app, bad)).rules_version).toBe('rules-of-tomorrow');
    });

    it('marks old words that no rule knew of when they were approved', async () => {
      const { app } = test;
      const live = await liveVersion(app, newsDe);
      const old = {
        ...live,
        id: 'old',
        major: 0,
        minor: 9,
        wording: 'Ja zu Werbung von uns und unseren Partnern.',
        state: 'retired' as const,
        revision: undefined,
        review_needed: undefined,
      };
      const {
        purpose_id: _1,
        purpose: _2,
        controller_id: _3,
        channel: _4,
        locale: _5,
        live_version_id: _6,
        ...row
      } = old;
      await app.db.insertInto('consent_text_versions').values(row).execute();
      await recheckVersions(app, 'rules-of-tomorrow');
      const marked = await version(app, 'old');
      expect(marked.review_needed).toBe(1);
      expect(JSON.parse(marked.review_rules ?? '[]')).toContain('W01');
      expect(marked.invalidated_at).toBeNull();
      const steps = await stepsOfText(app.db, live.text_id);
      expect(steps.filter(({ versionId }) => versionId === 'old')).toMatchObject([
        { kind: 'review_needed', actorName: 'Jawort', actorId: null },
      ]);
      expect((await version(app, live.id)).review_needed).toBe(0);
    });
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { sql } from 'kysely';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseKind } from '#db/connect.ts';
import { eventHash } from '#src/ledger/event-hash.ts';
import { givePositions } from '#src/ledger/give-positions.ts';
import type { OutsideHead } from '#src/log/finding.ts';
import { makeCheckpoint } from '#src/log/make-checkpoint.ts';
import { sequence } from '#src/log/sequence.ts';
import { verifyLog } from '#src/log/verify-log.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const signer = { name: 'log.example', key: generateKeyPairSync('ed25519').privateKey };

describe.each(databases)('the log on %s', (name) => {
  let test: TestApp;
  /** Kept outside before anything is tampered with. */
  let outside: OutsideHead;

  beforeEach(async () => {
    test = await openTestApp(name);
    for (const person of ['alice', 'bob']) {
      await signUp(test.app, `${person}@example.org`, ['product-news:email', 'partner-offers:email']);
      await confirmSignup(test.app, await newestToken(test.app, `${person}@example.org`), aClient);
    }
    outside = await checkpoint();
    await signUp(test.app, 'carol@example.org', ['product-news:email']);
    await checkpoint();
  });
  afterEach(() => test.close());

  async function checkpoint(): Promise<OutsideHead> {
    const { app } = test;
    while ((await givePositions(app.db)) > 0);
    while ((await sequence(app)) > 0);
    const made = await makeCheckpoint(app.db, signer, app.now().toISOString());
    if (!made) throw new Error('The log is empty.');
    return { size: Number(made.size), root: made.root, origin: signer.name };
  }

  const findings = async (heads = [outside]) => (await verifyLog(test.app, heads)).findings;
  const found = async () => (await findings()).map(({ kind, table }) => `${kind} ${table}`);

  /** As somebody would who may do anything with the database. */
  async function dropTriggers(): Promise<void> {
    const { db } = test.app;
    if (databaseKind(db) === 'postgres') {
      const tables = await sql<{ name: string }>`
        SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`.execute(db);
      for (const { name: table } of tables.rows) {
        await sql`ALTER TABLE ${sql.table(table)} DISABLE TRIGGER USER`.execute(db);
      }
      return;
    }
    const triggers = await sql<{
      name: string;
    }>`SELECT name FROM sqlite_master WHERE type = 'trigger'`.execute(db);
    for (const { name: trigger } of triggers.rows) await sql`DROP TRIGGER ${sql.id(trigger)}`.execute(db);
  }

  it('fits as it was written, and says what it was compared with', async () => {
    const report = await verifyLog(test.app, [outside]);
    expect(report.findings).toEqual([]);
    expect(report.outside).toEqual([outside]);
    expect(report.entries).toBeGreaterThan(30);
  });

  it('has each event once, after the address that it is about', async () => {
    const { db } = test.app;
    const entries = await db.selectFrom('log_entries').selectAll().orderBy('idx').execute();
    const events = await db.selectFrom('events').select('id').execute();
    const logged = entries.filter(({ kind }) => kind === 'event');
    expect(logged.map(({ ref }) => ref).sort()).toEqual(events.map(({ id }) => id).sort());
    expect(entries.filter(({ kind }) => kind === 'contact_point')).toHaveLength(3);
    expect(entries.map(({ idx }) => Number(idx))).toEqual(entries.map((_, index) => index));
  });

  it('says nothing about a person in its entries', async () => {
    const entries = await test.app.db.selectFrom('log_entries').select('body').execute();
    for (const { body } of entries) expect(body).not.toMatch(/alice|bob|carol/i);
  });

  it('finds an event that was back-dated with its hash', async () => {
    const { db } = test.app;
    await dropTriggers();
    const event = await db.selectFrom('events').selectAll().limit(1).executeTakeFirstOrThrow();
    const changed = { ...event, occurred_at: '2026-01-01T00:00:00.000Z' };
    await db
      .updateTable('events')
      .set({ ...changed, hash: eventHash(changed) })
      .where('id', '=', event.id)
      .execute();
    expect(await findings()).toMatchObject([{ kind: 'changed', table: 'events', id: event.id }]);
  });

  it('finds an event that was deleted', async () => {
    const { db } = test.app;
    await dropTriggers();
    const event = await db
      .selectFrom('events')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    await db.deleteFrom('events').where('id', '=', event.id).execute();
    expect(await findings()).toMatchObject([{ kind: 'missing', table: 'events', id: event.id }]);
  });

  it('finds an event that was invented', async () => {
    const { db } = test.app;
    await dropTriggers();
    const event = await db.selectFrom('events').selectAll().limit(1).executeTakeFirstOrThrow();
    const invented = { ...event, id: 'invented', number: 99 };
    await db
      .insertInto('events')
      .values({ ...invented, hash: eventHash(invented) })
      .execute();
    expect(await findings()).toMatchObject([
      { kind: 'not_logged', table: 'events', id: 'invented', index: null },
    ]);
  });

  it('finds words that were exchanged with their hash', async () => {
    const { db } = test.app;
    await dropTriggers();
    const version = await db
      .selectFrom('consent_text_versions')
      .select('id')
      .limit(1)
      .executeTakeFirstOrThrow();
    await db
      .updateTable('consent_text_versions')
      .set({ wording: 'Ja zu allem.', sha256: 'f'.repeat(64) })
      .where('id', '=', version.id)
      .execute();
    expect(await found()).toEqual(['changed consent_text_versions']);
  });

  it('finds two addresses that changed their owners', async () => {
    const { db } = test.app;
    await dropTriggers();
    const [a, b] = await db.selectFrom('contact_points').selectAll().orderBy('id').limit(2).execute();
    if (!a || !b) throw new Error('no contact points');
    await db
      .updateTable('contact_points')
      .set({ person_id: b.person_id, value_enc: b.value_enc })
      .where('id', '=', a.id)
      .execute();
    await db
      .updateTable('contact_points')
      .set({ person_id: a.person_id, value_enc: a.value_enc })
      .where('id', '=', b.id)
      .execute();
    expect(await found()).toEqual(['changed contact_points', 'changed contact_points']);
  });

  it('finds what was rewritten in the log as well, and where', async () => {
    const { db } = test.app;
    await dropTriggers();
    const entry = await db
      .selectFrom('log_entries')
      .selectAll()
      .where('kind', '=', 'event')
      .orderBy('idx')
      .limit(1)
      .executeTakeFirstOrThrow();
    await db
      .updateTable('log_entries')
      .set({ body: entry.body.replace('requested', 'confirmed') })
      .where('idx', '=', entry.idx)
      .execute();
    const all = await findings();
    expect(all).toContainEqual(
      expect.objectContaining({ kind: 'entry', index: Number(entry.idx), between: [null, outside.size] }),
    );
  });

  it('finds by a head from outside that everything was emptied', async () => {
    const { db } = test.app;
    await dropTriggers();
    await db.deleteFrom('log_entries').execute();
    await db.deleteFrom('log_checkpoints').execute();
    await db.deleteFrom('log_tiles').execute();
    await db.deleteFrom('events').execute();
    const all = await findings();
    expect(all).toContainEqual(
      expect.objectContaining({
        kind: 'lost',
        index: 0,
        message: expect.stringContaining(`0 to ${outside.size - 1} are lost`),
      }),
    );
  });

  it('fits after what the desks change every day', async () => {
    const { db } = test.app;
    const person = await db.selectFrom('people').select('id').executeTakeFirstOrThrow();
    const controller = await db.selectFrom('controllers').select('id').executeTakeFirstOrThrow();
    await db
      .updateTable('controllers')
      .set({ privacy_version: '9.9' })
      .where('id', '=', controller.id)
      .execute();
    const nothing = {
      content_enc: null,
      run_id: null,
      printed_at: null,
      printed_by: null,
      sent_at: null,
      sent_by: null,
    };
    await db
      .insertInto('letters')
      .values({
        ...nothing,
        ...{
          id: 'letter',
          person_id: person.id,
          controller_id: controller.id,
          locale: 'de',
          changes_enc: 'x',
        },
        ...{ state: 'waiting', cancelled_at: null, cancelled_because: null, created_at: 'x' },
      })
      .execute();
    await db.updateTable('letters').set({ state: 'printed', printed_at: 'x', run_id: 'run' }).execute();
    await checkpoint();
    await db.updateTable('letters').set({ state: 'cancelled', cancelled_because: 'misprinted' }).execute();
    const file = {
      type: 'image/png',
      size: 1,
      key_wrapped: 'x',
      content_enc: 'x',
      created_at: 'x',
      expires_at: 'x',
    };
    await db
      .insertInto('evidence_files')
      .values([
        { id: 'unnamed', person_id: null, sha256: 'a', ...file },
        { id: 'named', person_id: null, sha256: 'b', ...file },
      ])
      .execute();
    await checkpoint();
    await db
      .updateTable('evidence_files')
      .set({ person_id: person.id, expires_at: null })
      .where('id', '=', 'named')
      .execute();
    await db.deleteFrom('evidence_files').where('id', '=', 'unnamed').execute();
    await checkpoint();
    expect(await findings()).toEqual([]);
    const logged = await db.selectFrom('log_entries').select(['kind', 'ref']).orderBy('idx').execute();
    expect(logged).toContainEqual({ kind: 'evidence_file', ref: 'named' });
    expect(logged).not.toContainEqual({ kind: 'evidence_file', ref: 'unnamed' });
    expect(logged.filter(({ kind }) => kind === 'letter')).toHaveLength(2);
  });

  it('goes on where an address cannot be decrypted, and says so', async () => {
    const { db } = test.app;
    await signUp(test.app, 'erin@example.org', ['product-news:email']);
    const newest = await db
      .selectFrom('contact_points')
      .select('id')
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    await db.updateTable('contact_points').set({ value_enc: 'broken' }).where('id', '=', newest.id).execute();
    await signUp(test.app, 'frank@example.org', ['product-news:email']);
    const alarms: unknown[] = [];
    const log = Object.assign(pino({ level: 'silent' }), {
      error: (...said: unknown[]) => void alarms.push(said),
    });
    while ((await givePositions(db)) > 0);
    while ((await sequence({ ...test.app, log })) > 0);
    expect(alarms).toEqual([[{ contact_point: newest.id }, 'log.address_unreadable']]);
    expect(await db.selectFrom('log_queue').selectAll().execute()).toEqual([]);
    const { body } = await db
      .selectFrom('log_entries')
      .select('body')
      .where('kind', '=', 'contact_point')
      .where('ref', '=', newest.id)
      .executeTakeFirstOrThrow();
    expect(JSON.parse(body)).toMatchObject({ commitment: null, unreadable: 1 });
    expect(await findings()).toMatchObject([
      { kind: 'unreadable', table: 'contact_points', id: newest.id, between: [expect.any(Number), null] },
    ]);
  });

  it('finds an address that was made unreadable after it was logged', async () => {
    const { db } = test.app;
    const { id } = await db.selectFrom('contact_points').select('id').orderBy('id').executeTakeFirstOrThrow();
    await db.updateTable('contact_points').set({ value_enc: 'broken' }).where('id', '=', id).execute();
    expect(await findings()).toMatchObject([{ kind: 'changed', table: 'contact_points', id }]);
  });

  it('counts a row that still waits for its place as logged', async () => {
    await signUp(test.app, 'dave@example.org', ['product-news:email']);
    while ((await givePositions(test.app.db)) > 0);
    expect(await findings()).toEqual([]);
  });

  it('signs nothing that contradicts what it signed before', async () => {
    const { db } = test.app;
    await dropTriggers();
    await db
      .updateTable('log_entries')
      .set({ leaf: 'a'.repeat(64) })
      .where('idx', '=', 3)
      .execute();
    await db.insertInto('log_queue').values({ kind: 'restored', ref: '0', note: '{}' }).execute();
    await expect(checkpoint()).rejects.toThrow('does not begin with');
  });

  it('refuses to change or delete an entry', async () => {
    const { db } = test.app;
    await expect(db.updateTable('log_entries').set({ at: 'x' }).execute()).rejects.toThrow('append-only');
    await expect(db.deleteFrom('log_checkpoints').execute()).rejects.toThrow('append-only');
  });
});

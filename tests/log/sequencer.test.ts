/** However its processes end, and however many there are, the log has no gap and one root for each size. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '#db/connect.ts';
import { catchUp } from '#src/log/catch-up.ts';
import { readLogKey, writeLogKey } from '#src/log/log-key.ts';
import { makeCheckpoint } from '#src/log/make-checkpoint.ts';
import { beginLog, signNow } from '#src/log/start-log.ts';
import { verifyLog } from '#src/log/verify-log.ts';
import { openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('the sequencer on %s', (name) => {
  let test: TestApp;
  let folder: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jawort-sequencer-'));
    test = await openTestApp(name);
  });
  afterEach(async () => {
    await test.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function signer() {
    const file = join(folder, 'log.pem');
    const place = { file, origin: 'log.example' };
    const read = readLogKey(place);
    if (read.outcome === 'read') return { place, signer: read.signer };
    writeLogKey(file);
    const made = readLogKey(place);
    if (made.outcome !== 'read') throw new Error(made.message);
    return { place, signer: made.signer };
  }

  /** The entries in their order, and the roots that were signed. */
  async function state() {
    const { db } = test.app;
    const entries = await db
      .selectFrom('log_entries')
      .select(['idx', 'kind', 'ref'])
      .orderBy('idx')
      .execute();
    const heads = await db.selectFrom('log_checkpoints').select(['size', 'root']).orderBy('size').execute();
    return {
      entries: entries.map(({ idx }) => Number(idx)),
      events: entries.filter(({ kind }) => kind === 'event'),
      heads,
    };
  }

  /** Takes in what waits and signs the head, unless it ends before a statement; says whether it came to its end. */
  async function endBefore(statement: number): Promise<boolean> {
    let left = statement;
    const db = test.app.db.withPlugin({
      transformQuery({ node }) {
        left -= 1;
        if (left === 0) throw new Error('ended');
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    try {
      const { place } = signer();
      const config = { ...test.app.config, logKey: place };
      const signed = await signNow({ ...test.app, db, config }, place);
      expect(signed.outcome).toBe('signed');
      return true;
    } catch (error) {
      expect((error as Error).message).toBe('ended');
      return false;
    }
  }

  async function killBefore(statement: number): Promise<boolean> {
    const script = join(import.meta.dirname, 'sequence-until-killed.ts');
    const { databaseUrl } = test.app.config;
    const args = [script, databaseUrl, signer().place.file, String(statement)];
    const child = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (child.signal !== 'SIGKILL') expect(child).toMatchObject({ status: 0 });
    return child.signal !== 'SIGKILL';
  }

  it.each([
    ['ends', endBefore, 1],
    ['is killed', killBefore, 9],
  ])(
    'leaves no gap and signs no second root when it %s before its statements',
    async (_, endAt, every) => {
      const { place, signer: key } = signer();
      await beginLog(test.app, place, key);
      let before = await state();
      let ends = 0;
      for (let statement = 1; ; statement += every) {
        await signUp(test.app, `reader${statement}@example.org`, ['product-news:email']);
        const isDone = await endAt(statement);
        const after = await state();
        expect(after.entries).toEqual(after.entries.map((_, index) => index));
        expect(after.heads.slice(0, before.heads.length)).toEqual(before.heads);
        before = after;
        if (isDone) break;
        ends += 1;
      }
      expect(ends).toBeGreaterThan(10 / every);
      await catchUp(test.app);
      const { events } = await state();
      const ledger = await test.app.db.selectFrom('events').select('id').execute();
      expect(events.map(({ ref }) => ref).sort()).toEqual(ledger.map(({ id }) => id).sort());
      expect((await verifyLog(test.app, [])).findings).toEqual([]);
    },
    180_000,
  );

  it('gives each place once when several processes work at the same time', async () => {
    const { place, signer: key } = signer();
    await beginLog(test.app, place, key);
    const others = await Promise.all([1, 2, 3].map(() => connect(test.app.config.databaseUrl)));
    try {
      const work = async (db: (typeof others)[number]) => {
        const app = { ...test.app, db };
        for (let round = 0; round < 10; round++) {
          await catchUp(app);
          await makeCheckpoint(db, key, app.now().toISOString());
        }
      };
      const people = (async () => {
        for (let index = 0; index < 20; index++) {
          await signUp(test.app, `reader${index}@example.org`, ['product-news:email']);
        }
      })();
      await Promise.all([people, ...others.map(work)]);
    } finally {
      await Promise.all(others.map((db) => db.destroy()));
    }
    await catchUp(test.app);
    const { entries, events } = await state();
    expect(entries).toEqual(entries.map((_, index) => index));
    expect(new Set(events.map(({ ref }) => ref)).size).toBe(events.length);
    expect((await verifyLog(test.app, [])).findings).toEqual([]);
  }, 60_000);

  it('signs no checkpoint older than the one before, though the clock was set back a day', async () => {
    const { place, signer: key } = signer();
    await beginLog(test.app, place, key);
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    test.pass({ days: -1 });
    await catchUp(test.app);
    await makeCheckpoint(test.app.db, key, test.app.now().toISOString());
    await signUp(test.app, 'bob@example.org', ['product-news:email']);
    test.pass({ days: 2 });
    await catchUp(test.app);
    await makeCheckpoint(test.app.db, key, test.app.now().toISOString());
    const times = await test.app.db.selectFrom('log_checkpoints').select('at').orderBy('size').execute();
    expect(times.map(({ at }) => at.slice(0, 10))).toEqual(['2026-11-02', '2026-11-02', '2026-11-03']);
    expect((await verifyLog(test.app, [])).findings).toEqual([]);
  });
});

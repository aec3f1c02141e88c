import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobs } from '#src/jobs/jobs.ts';
import type { Lease } from '#src/jobs/lease.ts';
import { runDueJobs, startScheduler } from '#src/jobs/scheduler.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { describeSignup } from '#src/signups/describe-signup.ts';
import {
  aClient,
  newestToken,
  openTestApp,
  permissionsOf,
  signUp,
  type TestApp,
} from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('the jobs on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  it('end requests that nobody confirmed, and delete them after a week with the person', async () => {
    const { app, pass } = test;
    await signUp(app, 'bob@example.org', ['product-news:email']);
    const token = await newestToken(app, 'bob@example.org');
    pass({ hours: 72 });
    await runDueJobs(app);
    expect(await permissionsOf(app, 'bob@example.org')).toEqual({ 'product-news:email': 'none' });
    expect(await describeSignup(app, token)).toMatchObject({ state: 'expired' });
    pass({ days: 4 });
    await runDueJobs(app);
    expect(await describeSignup(app, token)).toEqual({ state: 'deleted', locale: 'de', form: 'newsletter' });
    for (const table of ['signups', 'signup_items', 'mails'] as const) {
      expect(await app.db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
    expect(await app.db.selectFrom('people').select(['key_wrapped', 'details_enc']).execute()).toEqual([
      { key_wrapped: null, details_enc: null },
    ]);
    expect(await app.db.selectFrom('contact_points').select(['lookup_hash', 'value_enc']).execute()).toEqual([
      { lookup_hash: null, value_enc: null },
    ]);
  });

  it('leave alone who confirmed something, and their open requests', async () => {
    const { app, pass } = test;
    await signUp(app, 'carol@example.org', ['product-news:email']);
    await confirmSignup(app, await newestToken(app, 'carol@example.org'), aClient);
    await signUp(app, 'carol@example.org', ['event-invitations:email']);
    pass({ days: 8 });
    await runDueJobs(app);
    expect(await permissionsOf(app, 'carol@example.org')).toEqual({
      'product-news:email': 'granted',
      'event-invitations:email': 'none',
    });
    await signUp(app, 'carol@example.org', ['event-invitations:email']);
    expect(await permissionsOf(app, 'carol@example.org')).toMatchObject({
      'event-invitations:email': 'pending',
    });
  });

  it('run when they are due, once, however many processes ask', async () => {
    const { app, pass } = test;
    const rounds = await Promise.all([runDueJobs(app), runDueJobs(app), runDueJobs(app)]);
    expect(rounds.flat().sort()).toEqual(jobs.map((job) => job.name).sort());
    expect(await runDueJobs(app)).toEqual([]);
    pass({ minutes: 2 });
    const often = jobs.filter((job) => job.everyMinutes <= 2).map((job) => job.name);
    expect(await runDueJobs(app)).toEqual(often);
    expect(often).toContain('expire-signups');
  });

  it('go on until nothing is due', async () => {
    const { app, pass } = test;
    let left = 5;
    const digging = {
      name: 'digging',
      everyMinutes: 10,
      run: async () => ({ dug: left > 0 ? left-- && 1 : 0 }),
      repeatWhile: 'dug',
    };
    await runDueJobs(app, [digging]);
    expect(await jobNamed('digging')).toMatchObject({ last_outcome: '{"dug":5}', claimed_by: null });
    pass({ minutes: 9 });
    expect(await runDueJobs(app, [digging])).toEqual([]);
  });

  it('are taken over half a minute after their process died, which writes nothing any more', async () => {
    const { app, pass } = test;
    const held = Promise.withResolvers<void>();
    const written: string[] = [];
    let lives = 0;
    const digging = {
      name: 'digging',
      everyMinutes: 1,
      run: async (_: unknown, { fence }: Lease) => {
        const life = ++lives;
        if (life === 1) await held.promise;
        await app.db.transaction().execute(async (tx) => {
          await fence(tx);
          written.push(`life ${life}`);
        });
        return { dug: 0 };
      },
    };
    const stuck = runDueJobs(app, [digging]);
    await expect.poll(() => lives).toBe(1);
    pass({ minutes: 0.4 });
    expect(await runDueJobs(app, [digging])).toEqual([]);
    pass({ minutes: 0.2 });
    expect(await runDueJobs(app, [digging])).toEqual(['digging']);
    held.resolve();
    await stuck;
    expect(written).toEqual(['life 2']);
    expect(await jobNamed('digging')).toMatchObject({ last_outcome: '{"dug":0}' });
  });

  it('are given back at once when their process is told to stop', async () => {
    const { app } = test;
    const scheduler = startScheduler(app, 10);
    await expect.poll(async () => (await jobNamed('watch-forms'))?.last_run_at).toBeTruthy();
    await scheduler.stop();
    const held = await app.db.selectFrom('jobs').select('name').where('claimed_by', 'is not', null).execute();
    expect(held).toEqual([]);
  });

  const jobNamed = (name: string) =>
    test.app.db.selectFrom('jobs').selectAll().where('name', '=', name).executeTakeFirst();

  it('say so and go on when one of them fails', async () => {
    const { app, pass } = test;
    const failing = {
      name: 'failing',
      everyMinutes: 1,
      run: () => Promise.reject(new Error('out of paper')),
    };
    const working = { name: 'working', everyMinutes: 1, run: async () => ({ sheets: 1 }) };
    expect(await runDueJobs(app, [failing, working])).toEqual(['failing', 'working']);
    const rows = await app.db
      .selectFrom('jobs')
      .select(['name', 'last_outcome'])
      .where('name', 'in', ['failing', 'working'])
      .orderBy('name')
      .execute();
    expect(rows).toEqual([
      { name: 'failing', last_outcome: 'failed' },
      { name: 'working', last_outcome: '{"sheets":1}' },
    ]);
    pass({ minutes: 1 });
    expect(await runDueJobs(app, [failing])).toEqual(['failing']);
  });
});

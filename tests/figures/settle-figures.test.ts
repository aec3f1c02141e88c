import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Db } from '#db/connect.ts';
import { periodBetween } from '#src/figures/period.ts';
import { readContactable } from '#src/figures/read-contactable.ts';
import { readDelays } from '#src/figures/read-delays.ts';
import { readFlow } from '#src/figures/read-flow.ts';
import { readFunnel, waitingOf } from '#src/figures/read-funnel.ts';
import { readPages, readRefused } from '#src/figures/read-pages.ts';
import { readPlaces } from '#src/figures/read-places.ts';
import { settleFigures, settleFiguresGently } from '#src/figures/settle-figures.ts';
import { findForm } from '#src/forms/find-form.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { openSightings } from '#src/sightings/sightings.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { resendByToken } from '#src/signups/resend-confirmation.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { withoutIds } from '#tests/support/secrets.ts';
import { bounce, deliver, letRequestsEnd, show, twoDays } from './history.ts';

const days = periodBetween('2026-11-02', '2026-11-03');
const zeros = {
  shown: 0,
  submitted: 0,
  mailed: 0,
  opened: 0,
  confirmed: 0,
  rejected: 0,
  expired: 0,
  cancelled: 0,
  undelivered: 0,
};

describe.each(databases)('the figures on %s', (name) => {
  let test: TestApp;
  const formId = async (key: string) => (await findForm(test.app.db, key))?.id ?? '';
  const funnel = async (more: { formId?: string; source?: string } = {}) =>
    days && (await readFunnel(test.app.db, { ...days, ...more }));
  const settle = async () => {
    await test.app.sightings.flush();
    return settleFigures(test.app, 3);
  };

  beforeEach(async () => {
    test = await openTestApp(name, { baseUrl: 'http://localhost:4321' });
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  it('count the outcome of every request, by form, channel and source', async () => {
    await twoDays(test);
    await settle();
    const all = await funnel();
    expect(all?.all).toEqual({
      ...zeros,
      shown: 15,
      submitted: 7,
      mailed: 6,
      // Alice, Carol, Fay and Gus opened their links; Bob typed the code of his mail.
      opened: 5,
      confirmed: 4,
      rejected: 1,
      undelivered: 1,
    });
    expect(all && waitingOf(all.all)).toBe(2);
    const fair = all?.forms.find((form) => form.all.submitted === 1);
    expect(fair?.formId).toBe(await formId('fair'));
    expect(fair?.channels.map(({ channel }) => channel)).toEqual(['email', 'phone']);
    expect(fair?.channels[1]?.counts).toMatchObject({ submitted: 1, mailed: 1, opened: 1, confirmed: 1 });
    expect((await funnel({ formId: await formId('newsletter') }))?.all).toMatchObject({
      shown: 13,
      submitted: 6,
      confirmed: 3,
    });
    expect((await funnel({ source: 'spring-letter' }))?.all).toMatchObject({
      shown: 3,
      submitted: 1,
      mailed: 1,
      opened: 1,
      confirmed: 1,
    });
  });

  it('count delays, and the permissions granted and ended each day', async () => {
    await twoDays(test);
    await settle();
    const { db } = test.app;
    const delays = days && (await readDelays(db, days));
    expect(delays?.median).toBe(4);
    expect(delays?.confirmed).toBe(4);
    expect(
      delays?.bars.filter(({ confirmed }) => confirmed > 0).map(({ from, confirmed }) => [from, confirmed]),
    ).toEqual([
      [2, 2],
      [10, 1],
      [60, 1],
    ]);
    const flow = days && (await readFlow(db, days));
    expect(flow?.map(({ from, granted, ended }) => [from, granted, ended])).toEqual([
      ['2026-11-02', 6, 0],
      ['2026-11-03', 0, 2],
    ]);
    const bySource =
      days && (await readFlow(db, { ...days, formId: await formId('newsletter'), source: '' }));
    expect(bySource?.map(({ granted, ended }) => [granted, ended])).toEqual([
      [3, 0],
      [0, 2],
    ]);
  });

  it('count granted permissions exactly', async () => {
    await twoDays(test);
    await bounce(test, 'fay@example.org');
    await settle();
    const { db, now } = test.app;
    const rows = await readContactable(db, await readPlaces(db, 'de', now()), now());
    const told = Object.fromEntries(rows.map((row) => [`${row.purpose}:${row.channel}`, row]));
    expect(told['product-news:email']).toMatchObject({
      allowed: 3,
      blocked: 1,
      contactable: 2,
      change: 3,
    });
    // A click in a mailbox is no proof for a number.
    expect(told['service-calls:phone']).toMatchObject({ allowed: 1, unproven: 1, contactable: 0 });
    const granted = await db
      .selectFrom('permissions')
      .select((eb) => eb.fn.countAll().as('count'))
      .where('settled_state', '=', 'granted')
      .executeTakeFirst();
    expect(rows.reduce((sum, row) => sum + row.allowed, 0)).toBe(Number(granted?.count));
  });

  it('count a request that expired and was confirmed later as confirmed', async () => {
    const { app } = test;
    await signUp(app, 'alice@example.org', ['product-news:email']);
    await signUp(app, 'erin@example.org', ['product-news:email']);
    await deliver(test);
    const token = await newestToken(app, 'alice@example.org');
    await letRequestsEnd(test);
    await settle();
    expect((await funnel())?.all).toMatchObject({ submitted: 2, expired: 2, confirmed: 0 });
    await resendByToken(app, token);
    await deliver(test);
    await confirmSignup(app, await newestToken(app, 'alice@example.org'), aClient);
    await settle();
    expect((await funnel())?.all).toMatchObject({ submitted: 2, mailed: 2, expired: 1, confirmed: 1 });
    test.pass({ days: 8 });
    await letRequestsEnd(test);
    expect((await funnel())?.all).toMatchObject({ submitted: 2, mailed: 2, expired: 1, confirmed: 1 });
  });

  it('count nothing twice, even when several processes count, and a returned mail once', async () => {
    const { app } = test;
    await twoDays(test);
    await bounce(test, 'erin@example.org');
    await bounce(test, 'refused@example.org');
    await app.sightings.flush();
    await Promise.all([settleFigures(app, 3), settleFigures(app, 3), settleFigures(app, 3)]);
    expect((await funnel())?.all).toMatchObject({
      shown: 15,
      submitted: 7,
      mailed: 6,
      confirmed: 4,
      undelivered: 2,
    });
    expect(await settleFigures(app)).toEqual({ counted: 0 });
  });

  it('are the same when a job counts in small batches', async () => {
    const { app } = test;
    await twoDays(test);
    await app.sightings.flush();
    expect((await settleFiguresGently(app, 3)).counted).toBeGreaterThan(10);
    const gently = await funnel();
    expect(gently?.all).toMatchObject({ shown: 15, submitted: 7, mailed: 6, confirmed: 4 });
    expect(await settleFigures(app)).toEqual({ counted: 0 });
    expect(await funnel()).toEqual(gently);
  });

  it('count the pages that showed a form, and store nothing that may identify a person', async () => {
    const { app } = test;
    await twoDays(test);
    await show(
      test,
      'newsletter',
      1,
      'anna@example.org',
      'http://localhost:8080/account/anna@example.org/news?x=1',
    );
    await show(test, 'newsletter', 1, '+49 6181 123456', 'https://elsewhere.example/anything');
    await show(test, 'newsletter', 1, 'x'.repeat(100), 'http://localhost:4321/f/newsletter');
    await settle();
    const pages = await readPages(app.db, await formId('newsletter'));
    expect(Object.fromEntries(pages.map(({ page, shown }) => [page, shown]))).toEqual({
      '': 4,
      'http://localhost:8080/start': 10,
      'http://localhost:8080/account/…': 1,
      'https://elsewhere.example': 1,
    });
    // Told at the desk: an allowed site may lead on to this one.
    const form = await findForm(app.db, 'newsletter');
    const sites = form && (await readRefused(app.db, form, app.now())).map(({ site }) => site);
    expect(sites).toEqual(['https://elsewhere.example']);
    for (const table of [
      'form_days',
      'confirm_delays',
      'permission_days',
      'form_pages',
      'form_sources',
    ] as const) {
      const rows = withoutIds(await app.db.selectFrom(table).selectAll().execute());
      expect(rows).not.toMatch(/@|\+49|6181|x{61}|alice|sig_|192\.0\.2/);
    }
    expect(await app.db.selectFrom('figure_marks').selectAll().execute()).toEqual([]);
  });

  it('count a hundred sources separately, and the rest together', async () => {
    const form = await formId('newsletter');
    for (let source = 0; source < 130; source += 1)
      test.app.sightings.shown(
        { id: form, allowedOrigins: [], switches: { testing: false } },
        `campaign-${source}`,
        null,
      );
    await settle();
    const rows = await test.app.db.selectFrom('form_days').select(['source', 'shown']).execute();
    expect(rows.length).toBe(101);
    expect(rows.find(({ source }) => source === '*')?.shown).toBe(30);
  });

  it('keep counts in memory while they cannot be saved', async () => {
    const { app } = test;
    const form = { id: await formId('fair'), allowedOrigins: [], switches: { testing: false } };
    const flaky = { ...app, db: {} as Db };
    const sightings = openSightings(flaky);
    sightings.shown(form, null, null);
    await sightings.flush();
    sightings.shown(form, null, null);
    flaky.db = app.db;
    await sightings.flush();
    expect((await funnel())?.all).toMatchObject({ shown: 2 });
  });
});

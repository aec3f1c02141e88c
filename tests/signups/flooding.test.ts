import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addApiKey, demoKey, type Scope } from '#src/exchange/api-keys.ts';
import { findForm } from '#src/forms/find-form.ts';
import { requireForm } from '#src/http/require-form.ts';
import { requestManageLink } from '#src/permissions/request-manage-link.ts';
import { readMetrics } from '#src/server/metrics/read-metrics.ts';
import { requestSignup } from '#src/signups/request-signup.ts';
import { shownAt } from '#src/signups/shown-at.ts';
import { watchForms } from '#src/signups/watch-forms.ts';
import { aClient, submission } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { openTestDoors, type TestDoors } from '#tests/support/doors.ts';

describe.each(databases)('a flood on %s', (name) => {
  let test: TestDoors;
  let shown: string;
  let lines: string[];

  beforeEach(async () => {
    test = await openTestDoors(name, { limits: true, trustProxy: 1, confirmMailsPerHour: 1000 });
    lines = [];
    test.app.log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    shown = shownAt(test.app);
    test.pass({ minutes: 1 });
  });
  afterEach(() => test.close());

  const mails = async () =>
    (await test.app.db.selectFrom('mails').select('id').where('kind', '=', 'confirm-signup').execute())
      .length;

  const from = (address: string) => ({ 'X-Forwarded-For': address });

  const byPage = async (email: string, address: string, more = {}) =>
    test.post(
      '/f/newsletter',
      {
        form_version: (await findForm(test.app.db, 'newsletter'))?.version.id ?? '',
        email,
        consent: 'product-news:email',
        shown_at: shown,
        ...more,
      },
      from(address),
    );

  const byApi = async (email: string, address: string, more = {}, headers = {}) => {
    const version = (await findForm(test.app.db, 'newsletter'))?.version;
    const [consent] = version?.definition.consents ?? [];
    return test.send(
      '/forms/newsletter/signups',
      {
        form_version: version?.id,
        lang: 'de',
        email,
        consents: [{ value: consent?.value, sha256: consent?.texts.de?.sha256 }],
        shown_at: shown,
        ...more,
      },
      { ...from(address), ...headers },
    );
  };

  const byCapture = (email: string) =>
    test.send(
      '/consents',
      {
        contact_point: email,
        channel: 'email',
        purpose: 'product-news',
        audience: 'consumer',
        basis: 'consent',
        text_version: 'product-news/email/de@1.0',
        method: 'paper',
        captured_at: '2026-11-02T08:00:00Z',
        captured_by: 'agent-7',
        person: {},
        evidence: { signed_at: '2026-11-01', place: 'Messe Hanau', scan_sha256: 'a'.repeat(64) },
      },
      { Authorization: `Bearer ${demoKey}` },
    );

  /** Without waiting for the answer time of each. */
  const signUpFrom = async (address: string, email: string) =>
    requestSignup(
      test.app,
      await submission(test.app, 'newsletter', { email, consent: 'product-news:email' }),
      { ...aClient, address },
    );

  const accepted = (outcomes: { outcome: string }[]) =>
    outcomes.filter(({ outcome }) => outcome === 'accepted').length;

  it.each([
    ['the page', byPage],
    ['the API', byApi],
    ['captures', byCapture],
  ] as const)('sends one mail to twenty sub-addresses of one mailbox, by %s', async (_, enter) => {
    const answers = [];
    for (let number = 0; number < 20; number += 1) {
      answers.push(await enter(`anna+${number}@example.org`, `10.1.${number}.1`));
    }
    expect(new Set(answers.map(({ status }) => status)).size).toBe(1);
    expect(await mails()).toBe(1);
  });

  it('sends one mail to twenty spellings of one Gmail address', async () => {
    for (const email of [
      'anna.m@gmail.com',
      'a.n.n.a.m@googlemail.com',
      'ANNAM+x@gmail.com',
      'annam@gmail.com',
    ]) {
      await signUpFrom('10.1.1.1', email);
    }
    expect(await mails()).toBe(1);
  });

  it('counts the way to the preferences by mailbox too', async () => {
    const { app } = test;
    for (let number = 0; number < 4; number += 1) {
      const client = { ...aClient, address: `10.1.${number}.1` };
      await requestManageLink(app, `anna+${number}@example.org`, 'de', client);
    }
    const row = await app.db
      .selectFrom('rate_limits')
      .select((eb) => eb.fn.max('count').as('most'))
      .executeTakeFirstOrThrow();
    expect(Number(row.most)).toBe(4);
  });

  it('lets a dozen colleagues of one office through', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, number) => byPage(`colleague${number}@example.org`, '198.51.100.7')),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(303));
    expect(await mails()).toBe(12);
  });

  it('takes the /64 networks of one /48 for neighbours', async () => {
    const outcomes = [];
    for (let number = 0; number < 60; number += 1) {
      const address = `2001:db8:1:${(number % 12).toString(16)}00::1`;
      outcomes.push(await signUpFrom(address, `v6-${number}@example.org`));
    }
    expect(accepted(outcomes)).toBe(20);
    expect((await signUpFrom('2001:db8:2:1::1', 'other@example.org')).outcome).toBe('accepted');
  });

  it('lets nobody use up what their neighbours share', async () => {
    for (let number = 0; number < 120; number += 1) await signUpFrom('203.0.113.1', `n${number}@example.org`);
    expect((await signUpFrom('203.0.113.2', 'neighbour@example.org')).outcome).toBe('accepted');
  });

  it('asks for a proof of work by itself, on the page and by the API, and stops when it is over', async () => {
    const { app, pass } = test;
    const asks = async () => {
      const { body } = await test.send('/forms/newsletter');
      const onPage = (await requireForm(app, 'newsletter')).switches.proofOfWork;
      return [onPage, 'altcha' in JSON.parse(body)];
    };
    expect(await asks()).toEqual([false, false]);
    for (let number = 0; number < 60; number += 1)
      await signUpFrom(`10.${number}.1.1`, `n${number}@example.org`);
    expect(await asks()).toEqual([true, true]);
    expect((await requireForm(app, 'fair')).switches.proofOfWork).toBe(false);
    const forced = (await readMetrics(app)).find(({ name: one }) => one === 'jawort_form_attacked');
    expect(forced?.samples).toContainEqual({ labels: { form: 'newsletter' }, value: 1 });
    // Without a script it still works, within a tighter limit.
    expect((await byPage('no-script@example.org', '172.16.1.1')).status).toBe(303);
    expect((await byApi('no-proof@example.org', '172.16.2.1')).status).toBe(202);
    expect((await byApi('bad@example.org', '172.16.2.1', { altcha: 'rubbish' })).status).toBe(422);
    pass({ hours: 2 });
    await watchForms(app);
    expect(await asks()).toEqual([false, false]);
    const told = lines.map((line) => JSON.parse(line)).filter(({ msg }) => /^form\.attack/.test(msg));
    expect(told).toMatchObject([
      { msg: 'form.attack_began', form: 'newsletter' },
      { msg: 'form.attack_over', form: 'newsletter' },
    ]);
  });

  it('sends no more confirmation mails in an hour than the instance may, and says so to everyone', async () => {
    const { app, pass } = test;
    app.config.confirmMailsPerHour = 40;
    await signUpFrom('10.1.1.1', 'known@example.org');
    const outcomes = [];
    for (let number = 0; number < 90; number += 1) {
      outcomes.push(await signUpFrom(`10.${number}.2.1`, `n${number}@example.org`));
    }
    expect(await mails()).toBeLessThanOrEqual(60);
    expect(accepted(outcomes)).toBe((await mails()) - 1);
    for (const email of ['known@example.org', 'unknown@example.org']) {
      const answer = await byPage(email, '172.16.1.1');
      expect(answer.status, email).toBe(429);
      expect((await byApi(email, '172.16.1.1')).headers['retry-after']).toMatch(/^[1-9]\d*$/);
    }
    expect((await test.post('/f/newsletter/sent', { s: 'x', action: 'resend' })).status).toBe(429);
    expect((await test.post('/confirm/unknown', { action: 'resend' })).status).toBe(429);
    expect(lines.some((line) => JSON.parse(line).msg === 'mail.hourly_budget_used_up')).toBe(true);
    pass({ hours: 1 });
    expect((await byPage('later@example.org', '172.16.1.1')).status).toBe(303);
  });

  const keyWith = (scopes: Scope[]) =>
    test.app.db
      .transaction()
      .execute((tx) => addApiKey(tx, test.app.now().toISOString(), { name: 'Site', scopes }));

  it("limits a site's own server by its visitors", async () => {
    const headers = { Authorization: `Bearer ${await keyWith(['signup'])}` };
    const send = (number: number, visitor: string) =>
      byApi(`v${number}@example.org`, '192.0.2.1', { visitor_ip: visitor, shown_at: undefined }, headers);
    const all = await Promise.all(
      Array.from({ length: 28 }, (_, number) => send(number, `10.${number}.0.1`)),
    );
    expect(all.map(({ status }) => status)).toEqual(Array(28).fill(202));
    const one = await Promise.all(Array.from({ length: 26 }, (_, number) => send(100 + number, '10.99.0.1')));
    expect(one.some(({ status }) => status === 429)).toBe(true);
    expect((await send(200, 'nonsense')).status).toBe(422);
  });

  it.each([
    ['no key', undefined],
    ['a key without the scope', ['decide', 'write'] as Scope[]],
  ])('ignores the visitor that is named with %s', async (_, scopes) => {
    const headers = scopes ? { Authorization: `Bearer ${await keyWith(scopes)}` } : {};
    const answers = await Promise.all(
      Array.from({ length: 14 }, (_, number) =>
        byApi(`v${number}@example.org`, '192.0.2.1', { visitor_ip: `10.${number}.0.1` }, headers),
      ),
    );
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
  });

  it('tells a server whose key is wrong', async () => {
    const answer = await byApi('a@example.org', '192.0.2.1', {}, { Authorization: 'Bearer jw_wrong' });
    expect(answer.status).toBe(401);
  });
});

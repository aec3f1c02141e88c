import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { deliverDue } from '#src/mail/deliver.ts';
import { findPause } from '#src/mail/queue-pause.ts';
import { smtpTransport } from '#src/mail/smtp-transport.ts';
import type { Transport } from '#src/mail/transport.ts';
import { replaceFailedMailsByLetters } from '#src/permissions/notify-by-letter.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { type SmtpSink, type SmtpStage, startSmtpSink } from '#tests/support/smtp-sink.ts';
import { anOutgoingMail } from './an-outgoing-mail.ts';
import cases from './smtp-answers.json' with { type: 'json' };

type Outcome = 'suppress' | 'give_up' | 'retry' | 'pause';

/** The cases as they came from outside, those at DATA both as the answer to the command and to the whole mail. */
const given = cases.answers.flatMap(
  ({ id, at, answer, do: outcome }): [string, SmtpStage, string[], Outcome][] =>
    (at === 'DATA' ? ['DATA', 'END'] : [at]).map((stage) => [
      id,
      stage as SmtpStage,
      answer,
      outcome as Outcome,
    ]),
);

const siblings: [string, SmtpStage, string[], Outcome][] = [
  ['domain-unknown', 'RCPT', ['550 5.1.2 x'], 'suppress'],
  ['moved', 'RCPT', ['551 5.1.6 x'], 'suppress'],
  ['disabled', 'RCPT', ['550 5.2.1 x'], 'suppress'],
  ['code-on-the-last-line', 'RCPT', ['550-x', '550 5.1.1 x'], 'suppress'],
  ['no-mail-domain', 'RCPT', ['556 x'], 'suppress'],
  ['two-minds', 'RCPT', ['550-5.7.1 x', '550 5.1.1 x'], 'give_up'],
  ['bare-550', 'RCPT', ['550 no such user'], 'give_up'],
  ['bare-553', 'RCPT', ['553 x'], 'give_up'],
  ['code-in-the-words', 'RCPT', ['550 see 5.1.1 of our manual'], 'give_up'],
  ['longer-code', 'RCPT', ['550 5.1.11 x'], 'give_up'],
  ['syntax', 'RCPT', ['501 5.1.3 x'], 'give_up'],
  ['disabled-for-now', 'RCPT', ['450 4.2.1 x'], 'retry'],
  ['milder-class', 'RCPT', ['550 4.1.1 x'], 'retry'],
  ['wrong-class', 'RCPT', ['450 5.1.1 x'], 'retry'],
  ['wrong-order', 'DATA', ['503 5.5.1 x'], 'retry'],
  ['bare-450', 'END', ['450 x'], 'retry'],
  ['hung-up-at-rcpt', 'RCPT', [], 'retry'],
  ['unknown-to-greeting', 'connect', ['550 5.1.1 x'], 'pause'],
  ['no-greeting', 'connect', [], 'pause'],
  ['bare-greeting', 'connect', ['554 x'], 'pause'],
  ['ehlo', 'EHLO', ['550 5.1.1 x'], 'pause'],
  ['ehlo-busy', 'EHLO', ['421 x'], 'pause'],
  ['log-in-later', 'AUTH', ['454 4.7.0 x'], 'pause'],
  ['log-in-bare', 'AUTH', ['535 x'], 'pause'],
  ['unknown-sender', 'MAIL', ['550 5.1.1 x'], 'pause'],
  ['sender-later', 'MAIL', ['451 4.3.0 x'], 'pause'],
  ['sender-in-lines', 'MAIL', ['550-5.7.1 x', '550 5.7.1 x'], 'pause'],
  ['too-big-announced', 'MAIL', ['552 5.3.4 x'], 'give_up'],
  ['alphabet', 'MAIL', ['550 5.6.7 x'], 'give_up'],
  ['log-in-first', 'RCPT', ['530 5.7.0 x'], 'pause'],
  ['sender-domain', 'RCPT', ['450 4.1.8 x'], 'pause'],
  ['spf', 'END', ['550 5.7.23 x'], 'pause'],
  ['too-many-after-data', 'END', ['421 4.7.0 x'], 'pause'],
];

describe('other answers of a mail server', () => {
  it.each(siblings)('%s, at %s: %j comes to %s', async (_, stage, answer, outcome) => {
    const sink = await startSmtpSink(['AUTH PLAIN']);
    const transport = smtpTransport(sink.url.replace('//', '//user:password@'), { requireTls: false });
    sink.answers = { [stage]: answer };
    const [result] = await transport.send([anOutgoingMail()]);
    await transport.close();
    await sink.close();
    const expected = {
      suppress: { outcome: 'refused', noMailbox: true },
      give_up: { outcome: 'refused' },
      retry: { outcome: 'retry' },
      pause: { outcome: 'pause' },
    }[outcome];
    expect(result).toEqual({ ...expected, reason: expect.any(String) });
  });
});

describe.each(databases)('the answers of a mail server on %s', (name) => {
  let test: TestApp;
  let sink: SmtpSink;
  let transport: Transport;
  const alice = 'alice@example.org';

  beforeEach(async () => {
    test = await openTestApp(name);
    sink = await startSmtpSink(['AUTH PLAIN']);
    transport = smtpTransport(sink.url.replace('//', '//user:password@'), { requireTls: false });
    await signUp(test.app, alice, ['product-news:email']);
    await deliver();
    await confirmSignup(test.app, await newestToken(test.app, alice), aClient);
    // The connection that is open has logged in already.
    await transport.close();
    transport = smtpTransport(sink.url.replace('//', '//user:password@'), { requireTls: false });
  });
  afterEach(async () => {
    await transport.close();
    await sink.close();
    await test.close();
  });

  const deliver = () => deliverDue(test.app, transport, 100);
  const newestMail = () =>
    test.app.db.selectFrom('mails').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow();
  const decision = async (purpose = 'product-news') => {
    const question = { purpose, channel: 'email', audience: 'consumer', jurisdiction: 'DE' } as const;
    const [answer] = await decideContacts(test.app, test.app.db, question, [alice]);
    return answer?.decision.reason;
  };
  const events = async () => {
    const rows = await test.app.db.selectFrom('events').select('kind').orderBy('id').execute();
    return rows.map(({ kind }) => kind);
  };

  it.each(given)('%s, at %s: %j comes to %s', async (_, stage, answer, outcome) => {
    sink.answers = { [stage]: answer };
    const done = await deliver();
    const mail = await newestMail();
    expect(mail.kind).toBe('permissions-changed');
    const reached = { suppress: 'failed', give_up: 'failed', retry: 'queued', pause: 'queued' }[outcome];
    expect([mail.state, mail.attempts]).toEqual([reached, outcome === 'pause' ? 0 : 1]);
    expect(done).toMatchObject({
      failed: reached === 'failed' ? 1 : 0,
      retried: outcome === 'retry' ? 1 : 0,
      paused: outcome === 'pause' ? 1 : 0,
    });
    expect(await decision()).toBe(outcome === 'suppress' ? 'suppressed_bounce' : 'consent_active');
    expect(await decision('event-invitations')).toBe(
      outcome === 'suppress' ? 'suppressed_bounce' : 'no_permission_for_purpose',
    );
    expect(await events()).toEqual(['requested', 'confirmed']);
    expect(await findPause(test.app.db)).toEqual(
      outcome === 'pause' ? expect.objectContaining({ times: 1 }) : undefined,
    );
    sink.answers = {};
    test.pass({ minutes: 30 });
    await deliver();
    expect((await newestMail()).state).toBe(reached === 'failed' ? 'failed' : 'sent');
    expect(await findPause(test.app.db)).toBeUndefined();
  });

  it('sends a mail again under the same Message-ID when the connection ended before an answer', async () => {
    sink.answers = { END: [] };
    await deliver();
    sink.answers = {};
    test.pass({ minutes: 1 });
    await deliver();
    const ids = sink.seen.slice(-2).map((source) => /^Message-ID: .+$/im.exec(source)?.[0]);
    expect(ids[0]).toBeTruthy();
    expect(ids[0]).toBe(ids[1]);
  });

  it.each(['product-news:email', 'event-invitations:email'])(
    'lets an address in again that signs up anew for %s and confirms',
    async (consent) => {
      sink.answers = { RCPT: ['550 5.1.1 no such mailbox'] };
      await deliver();
      expect(await decision()).toBe('suppressed_bounce');
      sink.answers = {};
      await signUp(test.app, alice, [consent]);
      await deliver();
      expect(await decision()).toBe('suppressed_bounce');
      await confirmSignup(test.app, await newestToken(test.app, alice), aClient);
      expect(await decision()).toBe('consent_active');
      expect(await decision(consent.split(':')[0])).toBe('consent_active');
    },
  );

  it('tells by letter what a dead mailbox could not be told, where a postal address is known', async () => {
    const bob = 'bob@example.org';
    const details = {
      given_name: 'Bob',
      family_name: 'Muster',
      street: 'Hauptstr. 1',
      postal_code: '10115',
      city: 'Berlin',
    };
    await deliver();
    await signUp(test.app, bob, ['product-news:email', 'product-news:post'], 'fair', details);
    await deliver();
    await confirmSignup(test.app, await newestToken(test.app, bob), aClient);
    sink.answers = { RCPT: ['550 5.1.1 no such mailbox'] };
    await deliver();
    expect((await replaceFailedMailsByLetters(test.app)).letters).toBe(1);
    const letters = await test.app.db.selectFrom('letters').select('state').execute();
    expect(letters).toEqual([{ state: 'waiting' }]);
  });

  it('blocks nothing for a member of staff whose mailbox does not exist', async () => {
    await deliver();
    const { db } = test.app;
    await db.updateTable('contact_points').set({ lookup_hash: null }).execute();
    await db
      .updateTable('mails')
      .set({ state: 'queued' })
      .where('kind', '=', 'permissions-changed')
      .execute();
    sink.answers = { RCPT: ['550 5.1.1 no such mailbox'] };
    expect(await deliver()).toMatchObject({ failed: 1 });
    expect(await db.selectFrom('suppressions').selectAll().execute()).toEqual([]);
  });
});

describe.each(databases)('the pause of the mail queue on %s', (name) => {
  let test: TestApp;
  let sink: SmtpSink;
  let transport: Transport;
  const people = Array.from({ length: 12 }, (_, index) => `person${index}@example.org`);

  beforeEach(async () => {
    test = await openTestApp(name);
    sink = await startSmtpSink(['AUTH PLAIN']);
    transport = smtpTransport(sink.url.replace('//', '//user:password@'), { requireTls: false });
    for (const person of people) await signUp(test.app, person, ['product-news:email']);
  });
  afterEach(async () => {
    await transport.close();
    await sink.close();
    await test.close();
  });

  const deliver = () => deliverDue(test.app, transport, 100);
  const mails = () => test.app.db.selectFrom('mails').selectAll().orderBy('id').execute();

  it('waits longer each time, tries one mail, and sends all of them once the server takes it', async () => {
    const said: [string, object][] = [];
    const log = { ...test.app.log, error: (about: object, what: string) => said.push([what, about]) };
    log.info = log.error as never;
    Object.assign(test.app, { log });
    sink.answers = { AUTH: ['535 5.7.8 wrong password'] };
    expect(await deliver()).toMatchObject({ sent: 0, failed: 0, retried: 0, paused: 12 });
    expect(sink.connections).toBeLessThanOrEqual(5);
    const waits: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const pause = await findPause(test.app.db);
      waits.push((Date.parse(pause?.until ?? '') - test.app.now().getTime()) / 1000);
      expect(await deliver()).toMatchObject({ sent: 0, paused: 0 });
      test.pass({ minutes: (waits.at(-1) ?? 0) / 60 });
      const before = sink.connections;
      expect(await deliver()).toMatchObject({ sent: 0, failed: 0, paused: 1 });
      expect(sink.connections - before).toBe(1);
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 600, 600, 600]);
    expect((await mails()).map(({ state, attempts }) => [state, attempts])).toEqual(
      people.map(() => ['queued', 0]),
    );
    sink.answers = {};
    test.pass({ minutes: 10 });
    expect(await deliver()).toMatchObject({ sent: 1 });
    expect(await findPause(test.app.db)).toBeUndefined();
    expect(await deliver()).toMatchObject({ sent: 11 });
    expect(sink.received).toHaveLength(12);
    const queue = said.filter(([what]) => what.startsWith('mail.') && what !== 'mail.sent');
    expect(queue.map(([what]) => what)).toEqual(['mail.queue_paused', 'mail.queue_resumed']);
    expect(JSON.stringify(queue[0])).toContain('535 5.7.8');
    expect(JSON.stringify(said)).not.toContain('@example.org');
  });

  it('tries another mail next time, so that one that is refused for itself holds up nobody', async () => {
    sink.answers = { RCPT: ['421 4.7.0 too many'] };
    await deliver();
    const tried = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      test.pass({ minutes: 10 });
      await deliver();
      const newest = (await mails()).reduce((a, b) => (a.due_at > b.due_at ? a : b));
      tried.add(newest.id);
    }
    expect(tried.size).toBe(12);
  });

  it('is not over for a confirmation whose link has expired, and does not send that any more', async () => {
    sink.answers = { connect: ['421 4.3.2 not now'] };
    await deliver();
    test.pass({ days: 4 });
    sink.answers = {};
    let cancelled = 0;
    for (let round = await deliver(); round.cancelled > 0; round = await deliver())
      cancelled += round.cancelled;
    expect(cancelled).toBe(12);
    expect(sink.received).toEqual([]);
  });

  it('pauses when nobody listens there', async () => {
    await sink.close();
    expect(await deliver()).toMatchObject({ paused: 12, retried: 0 });
    expect((await findPause(test.app.db))?.reason).toContain('ECONNREFUSED');
  });
});

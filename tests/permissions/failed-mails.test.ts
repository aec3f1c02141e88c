import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliverDue } from '#src/mail/deliver.ts';
import { findPause, pauseQueue } from '#src/mail/queue-pause.ts';
import { smtpTransport } from '#src/mail/smtp-transport.ts';
import type { Transport } from '#src/mail/transport.ts';
import {
  countMails,
  listFailedMails,
  retryPausedQueue,
  sendFailedMails,
} from '#src/permissions/failed-mails.ts';
import { replaceFailedMailsByLetters } from '#src/permissions/notify-by-letter.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { rejectSignup } from '#src/signups/reject-signup.ts';
import { NotAllowed } from '#src/staff/actor.ts';
import { actsOf, aMember } from '#tests/staff/desk.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { type SmtpSink, startSmtpSink } from '#tests/support/smtp-sink.ts';

const [alice, bob] = ['alice@example.org', 'bob@example.org'];

describe.each(databases)('mails that were given up, on %s', (name) => {
  let test: TestApp;
  let sink: SmtpSink;
  let transport: Transport;

  beforeEach(async () => {
    test = await openTestApp(name);
    sink = await startSmtpSink();
    transport = smtpTransport(sink.url, { requireTls: false });
  });
  afterEach(async () => {
    await transport.close();
    await sink.close();
    await test.close();
  });

  const deliver = () => deliverDue(test.app, transport, 100);
  const refuse = async () => {
    sink.answers = { RCPT: ['550 5.7.1 not accepted by policy'] };
    await deliver();
    sink.answers = {};
  };
  const mails = () => test.app.db.selectFrom('mails').selectAll().orderBy('id').execute();

  it('are listed with the reason, and to whom only so far as staff needs it', async () => {
    await signUp(test.app, alice, ['product-news:email']);
    await refuse();
    expect(await countMails(test.app.db)).toEqual({ waiting: 0, failed: 1 });
    expect(await listFailedMails(test.app)).toMatchObject([
      {
        kind: 'confirm-signup',
        attempts: 1,
        reason: 'RCPT 550 5.7.1 not accepted by policy',
        canBeSent: true,
      },
    ]);
    expect(JSON.stringify(await listFailedMails(test.app))).not.toContain(alice);
  });

  it('go out again when an admin or an agent says so, with what became of them', async () => {
    await signUp(test.app, alice, ['product-news:email']);
    await signUp(test.app, bob, ['product-news:email']);
    await refuse();
    const [first] = await mails();
    const agent = await aMember(test.app, 'agent');
    expect(await sendFailedMails(test.app, agent, [first?.id ?? ''])).toBe(1);
    expect(await deliver()).toMatchObject({ sent: 1 });
    expect(await mails()).toMatchObject([
      { state: 'sent', attempts: 1, provider_answer: '250 2.0.0 queued as 4711' },
      { state: 'failed' },
    ]);
    expect(await sendFailedMails(test.app, await aMember(test.app, 'admin'), 'all')).toBe(1);
    await refuse();
    expect(await mails()).toMatchObject([
      { state: 'sent' },
      { state: 'failed', attempts: 1, provider_answer: 'RCPT 550 5.7.1 not accepted by policy' },
    ]);
    expect(await actsOf(test.app, `mail:${first?.id}`)).toEqual(['mails.sent_again']);
    await confirmSignup(test.app, await newestToken(test.app, alice), aClient);
  });

  it('are nobody’s to send but theirs', async () => {
    for (const role of ['legal', 'marketing', 'auditor'] as const) {
      const member = await aMember(test.app, role);
      await expect(sendFailedMails(test.app, member, 'all')).rejects.toThrow(NotAllowed);
      await expect(retryPausedQueue(test.app, member)).rejects.toThrow(NotAllowed);
    }
  });

  it('are written anew, so that the link in them is as fresh as a new one', async () => {
    await signUp(test.app, alice, ['product-news:email']);
    await refuse();
    test.pass({ hours: 30 });
    await sendFailedMails(test.app, null, 'all');
    await deliver();
    expect(sink.received[0]).toMatch(/^Date: Tue, 03 Nov 2026 15:00:00/m);
  });

  it('stay where they are once their link has expired, was answered or replaced', async () => {
    await signUp(test.app, alice, ['product-news:email']);
    await refuse();
    test.pass({ days: 4 });
    expect(await listFailedMails(test.app)).toMatchObject([{ canBeSent: false }]);
    expect(await sendFailedMails(test.app, null, 'all')).toBe(0);
    expect(await mails()).toMatchObject([{ state: 'failed' }]);
  });

  it('go to nobody who said "that was not me"', async () => {
    await signUp(test.app, alice, ['product-news:email']);
    await signUp(test.app, alice, ['event-invitations:email']);
    await refuse();
    await rejectSignup(test.app, await newestToken(test.app, alice), aClient);
    expect(await sendFailedMails(test.app, null, 'all')).toBe(0);
  });

  it('need no letter any more, and one again when they fail again', async () => {
    const details = { given_name: 'Bob', family_name: 'Muster', street: 'Hauptstr. 1', postal_code: '10115' };
    await signUp(test.app, bob, ['product-news:email', 'product-news:post'], 'fair', {
      ...details,
      city: 'Berlin',
    });
    await deliver();
    await confirmSignup(test.app, await newestToken(test.app, bob), aClient);
    const letters = async () => {
      const rows = await test.app.db.selectFrom('letters').select('state').orderBy('id').execute();
      return rows.map(({ state }) => state);
    };
    await refuse();
    await replaceFailedMailsByLetters(test.app);
    expect(await letters()).toEqual(['waiting']);
    await sendFailedMails(test.app, null, 'all');
    expect(await letters()).toEqual(['cancelled']);
    await refuse();
    await replaceFailedMailsByLetters(test.app);
    expect(await letters()).toEqual(['cancelled', 'waiting']);
  });

  it('can’t be put into the queue twice by two at once', async () => {
    await signUp(test.app, alice, ['product-news:email']);
    await refuse();
    const counts = await Promise.all([1, 2, 3].map(() => sendFailedMails(test.app, null, 'all')));
    expect(counts.sort()).toEqual([0, 0, 1]);
  });

  it('wait for no pause when somebody at the desk tries the queue', async () => {
    await signUp(test.app, alice, ['product-news:email']);
    for (let times = 0; times < 8; times += 1) await pauseQueue(test.app, '535 wrong password', false);
    expect(await deliver()).toMatchObject({ sent: 0 });
    await retryPausedQueue(test.app, await aMember(test.app, 'agent'));
    expect(await deliver()).toMatchObject({ sent: 1 });
    expect(await findPause(test.app.db)).toBeUndefined();
    expect(await actsOf(test.app, 'mails')).toEqual(['mails.queue_tried']);
  });
});

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { fileTransport } from '#src/mail/file-transport.ts';
import { startMailWorker } from '#src/mail/worker.ts';
import { acceptBounceMail } from '#src/permissions/accept-bounce-mail.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { jawort } from '#tests/support/jawort.ts';
import { mailsTo } from '#tests/support/mailbox.ts';

const alice = 'alice@example.org';
const report = readFileSync(new URL('dsn-mailbox-unknown.eml', import.meta.url), 'utf8');

describe.each(databases)('a mail that came back, on %s', (name) => {
  let test: TestApp;
  let dir: string;
  let messageId: string;

  beforeEach(async () => {
    test = await openTestApp(name);
    dir = await mkdtemp(join(tmpdir(), 'jawort-bounce-'));
    const worker = startMailWorker(test.app, fileTransport(dir));
    test.app.mailsQueued = worker.wake;
    for (const address of [alice, 'bob@example.org']) {
      await signUp(test.app, address, ['product-news:email']);
      await confirmSignup(test.app, await newestToken(test.app, address), aClient);
    }
    await worker.idle();
    await worker.stop();
    const told = (await mailsTo(dir, alice)).find(({ kind }) => kind === 'permissions-changed');
    messageId = told?.headers['message-id'] ?? '';
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
    await rm(dir, { recursive: true });
  });

  const filled = (id = messageId, to = alice) =>
    report
      .replaceAll('{MESSAGE_ID}', id)
      .replaceAll('{TO}', to)
      .replaceAll('{ENVELOPE_FROM}', 'consent@muster-werkzeuge.example');
  const accept = (text: string) => acceptBounceMail(test.app, Buffer.from(text));
  const decide = async (purpose = 'product-news', address = alice) => {
    const question = { purpose, channel: 'email', audience: 'consumer', jurisdiction: 'DE' } as const;
    const [one] = await decideContacts(test.app, test.app.db, question, [address]);
    return one?.decision.reason;
  };
  const events = async () => (await test.app.db.selectFrom('events').select('id').execute()).length;

  it('blocks a dead mailbox for every purpose, once, and nobody has said no', async () => {
    const before = await events();
    expect(messageId).toMatch(/^<.+@.+>$/);
    expect(await accept(filled())).toBe('blocked');
    expect(await accept(filled().replaceAll('\n', '\r\n'))).toBe('blocked_before');
    expect(await decide()).toBe('suppressed_bounce');
    expect(await decide('partner-offers')).toBe('suppressed_bounce');
    expect(await events()).toBe(before);
  });

  it('is read from standard input by the command line', async () => {
    const { code, stdout } = await jawort(test.app, ['bounce', '--json'], { input: filled() });
    expect([code, JSON.parse(stdout)]).toEqual([0, { outcome: 'blocked' }]);
    // The command has a clock of its own.
    const blocks = await test.app.db.selectFrom('suppressions').select(['channel', 'reason']).execute();
    expect(blocks).toEqual([{ channel: 'email', reason: 'bounce' }]);
    expect((await jawort(test.app, ['bounce'], { input: 'Hello' })).stdout).toBe('not_a_report\n');
    expect((await jawort(test.app, ['bounce', 'file.eml'])).code).toBe(2);
  });

  const changed: [string, (text: string) => string, string][] = [
    ['says that it is delayed', (text) => text.replace('Action: failed', 'Action: delayed'), 'not_dead'],
    ['has a status that may pass', (text) => text.replace('Status: 5.1.1', 'Status: 4.1.1'), 'not_dead'],
    ['is about a full mailbox', (text) => text.replace('Status: 5.1.1', 'Status: 5.2.2'), 'not_dead'],
    ['is about a policy', (text) => text.replace('Status: 5.1.1', 'Status: 5.7.1'), 'not_dead'],
    ['has no report', (text) => text.replace('message/delivery-status', 'text/plain'), 'not_a_report'],
    ['names no mail', (text) => text.replace(/^Message-ID: <(?!dsn).*$/m, ''), 'not_a_report'],
    [
      'is an absence note',
      () => `From: ${alice}\nSubject: Away\nMessage-ID: <x@y>\n\nI am away.\n`,
      'not_a_report',
    ],
  ];
  it.each(changed)('changes nothing when it %s', async (_, change, outcome) => {
    expect(await accept(change(filled()))).toBe(outcome);
    expect(await decide()).toBe('consent_active');
  });

  it('changes nothing when it is forged: about no mail of ours, or for another than its reader', async () => {
    expect(await accept(filled('<01a20a99-f527-7455-a8e4-3fb566d4e392@example.org>'))).toBe('unknown_mail');
    expect(await accept(filled("<' or 1=1@example.org>"))).toBe('not_a_report');
    expect(await accept(filled(messageId, 'bob@example.org'))).toBe('other_recipient');
    expect(await accept(filled(messageId, 'no address'))).toBe('not_a_report');
    expect(await decide()).toBe('consent_active');
    expect(await decide('product-news', 'bob@example.org')).toBe('consent_active');
  });

  it('is read with the whole mail in it, and with the address in capitals', async () => {
    const whole = filled(messageId, 'ALICE@Example.org').replace(
      'Content-Type: text/rfc822-headers',
      'Content-Type: message/rfc822',
    );
    expect(await accept(whole)).toBe('blocked');
  });
});

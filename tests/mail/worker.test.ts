import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MailWorker, startMailWorker } from '#src/mail/worker.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { mailsTo } from '#tests/support/mailbox.ts';

const alice = 'alice@example.org';

describe.each(databases)('the mail worker on %s', (name) => {
  let test: TestApp;
  let dir: string;
  let worker: MailWorker;

  beforeEach(async () => {
    test = await openTestApp(name);
    dir = await mkdtemp(join(tmpdir(), 'jawort-mail-'));
    test.app.config.mail.dir = dir;
    worker = startMailWorker(test.app);
    test.app.mailsQueued = worker.wake;
  });
  afterEach(async () => {
    await worker.stop();
    await test.close();
    await rm(dir, { recursive: true });
  });

  it('writes a mail as soon as it was promised', async () => {
    await signUp(test.app, alice, ['product-news:email', 'event-invitations:email']);
    await worker.idle();
    const mails = await mailsTo(dir, alice);
    expect(mails.map((mail) => mail.kind)).toEqual(['confirm-signup']);
    const token = await newestToken(test.app, alice);
    expect(mails[0]?.links).toEqual({ confirm: `/confirm/${token}` });
    expect(mails[0]?.code).toMatch(/^\d{6}$/);
    await confirmSignup(test.app, token, aClient);
    worker.wake();
    await worker.idle();
    const [, second] = await mailsTo(dir, alice);
    expect(second?.kind).toBe('permissions-changed');
  });
});

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stopText } from '#src/forms/stop-text.ts';
import { fileTransport } from '#src/mail/file-transport.ts';
import { findPause, pauseQueue } from '#src/mail/queue-pause.ts';
import { type MailWorker, startMailWorker } from '#src/mail/worker.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { liveVersion, lukas, newsDe } from '#tests/consent-texts/desk.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { mailsIn, mailsTo } from '#tests/support/mailbox.ts';

const alice = 'alice@example.org';

describe.each(databases)('the mail worker on %s', (name) => {
  let test: TestApp;
  let dir: string;
  let worker: MailWorker;

  beforeEach(async () => {
    test = await openTestApp(name);
    dir = await mkdtemp(join(tmpdir(), 'jawort-mail-'));
    test.app.config.mail.dir = dir;
    worker = startMailWorker(test.app, fileTransport(test.app.config.mail.dir));
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

  it('asks nobody to confirm words that were stopped, and of the rest only the rest', async () => {
    const { app } = test;
    await worker.stop();
    await signUp(app, alice, ['product-news:email']);
    await signUp(app, 'bob@example.org', ['product-news:email', 'event-invitations:email']);
    const { id } = await liveVersion(app, newsDe);
    expect((await stopText(app, lukas, id, 'Wird geprüft.')).outcome).toBe('stopped');
    worker = startMailWorker(app, fileTransport(app.config.mail.dir));
    await worker.idle();
    expect(await mailsTo(dir, alice)).toEqual([]);
    const [mail] = await mailsTo(dir, 'bob@example.org');
    expect(mail?.text).toContain('Einladungen zu Vorführungen und Messen');
    expect(mail?.text).not.toContain('Neuigkeiten zu Werkzeugen');
  });

  it('does not wait for its next round when it is woken', async () => {
    await worker.stop();
    // Its next round never comes.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      worker = startMailWorker(test.app, fileTransport(test.app.config.mail.dir));
      test.app.mailsQueued = worker.wake;
      await worker.idle();
      await signUp(test.app, alice, ['product-news:email']);
      await worker.idle();
      expect(await mailsTo(dir, alice)).toHaveLength(1);
      await worker.stop();
    } finally {
      vi.useRealTimers();
    }
  });

  it('sends whatever piled up, batch after batch', async () => {
    test.app.mailsQueued = () => {};
    const people = Array.from({ length: 120 }, (_, index) => `person${index}@example.org`);
    await Promise.all(people.map((person) => signUp(test.app, person, ['product-news:email'])));
    worker.wake();
    await worker.idle();
    expect((await mailsIn(dir)).map((mail) => mail.to).sort()).toEqual([...people].sort());
  });

  it('writes one file for a mail, however often it is written', async () => {
    await signUp(test.app, alice, ['product-news:email']);
    await worker.idle();
    await test.app.db.updateTable('mails').set({ state: 'queued' }).execute();
    worker.wake();
    await worker.idle();
    expect(await readdir(dir)).toEqual([expect.stringMatching(/^[\w-]+\.eml$/)]);
    const [mail] = await test.app.db.selectFrom('mails').select(['state', 'attempts']).execute();
    expect(mail).toEqual({ state: 'sent', attempts: 2 });
  });

  it('takes over what a worker that died had in hand, and goes on when stopped and started', async () => {
    await worker.stop();
    await signUp(test.app, alice, ['product-news:email']);
    const claimed_until = new Date(test.app.now().getTime() + 5000).toISOString();
    await test.app.db.updateTable('mails').set({ state: 'sending', claimed_until, attempts: 1 }).execute();
    worker = startMailWorker(test.app, fileTransport(test.app.config.mail.dir));
    await worker.idle();
    expect(await mailsTo(dir, alice)).toEqual([]);
    test.pass({ minutes: 1 });
    worker.wake();
    await worker.idle();
    expect(await mailsTo(dir, alice)).toHaveLength(1);
  });

  it('tries at once when it is started, for that may be what ended a pause', async () => {
    await worker.stop();
    await signUp(test.app, alice, ['product-news:email']);
    await pauseQueue(test.app, '535 wrong password', true);
    worker = startMailWorker(test.app, fileTransport(test.app.config.mail.dir));
    await worker.idle();
    expect(await mailsTo(dir, alice)).toHaveLength(1);
    expect(await findPause(test.app.db)).toBeUndefined();
  });

  it('lives on when the folder cannot be written to, and sends when it can', async () => {
    await worker.stop();
    const blocked = join(dir, 'blocked');
    await writeFile(blocked, 'a file where the folder should be');
    test.app.config.mail.dir = join(blocked, 'mail');
    worker = startMailWorker(test.app, fileTransport(test.app.config.mail.dir));
    await signUp(test.app, alice, ['product-news:email']);
    worker.wake();
    await worker.idle();
    const [mail] = await test.app.db.selectFrom('mails').select(['state', 'provider_answer']).execute();
    expect(mail?.state).toBe('queued');
    expect(mail?.provider_answer).toMatch(/ENOTDIR|EEXIST/);
    expect((await findPause(test.app.db))?.times).toBe(1);
    await rm(blocked);
    test.pass({ minutes: 1 });
    worker.wake();
    await worker.idle();
    expect(await mailsTo(join(blocked, 'mail'), alice)).toHaveLength(1);
  });
});

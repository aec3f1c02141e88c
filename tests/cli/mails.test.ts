import { afterEach, beforeEach, expect, it } from 'vitest';
import { pauseQueue } from '#src/mail/queue-pause.ts';
import { openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { jawort } from '#tests/support/jawort.ts';

let test: TestApp;

beforeEach(async () => {
  test = await openTestApp('sqlite', {});
  // The command has the clock of the machine.
  test.app.now = () => new Date();
  await signUp(test.app, 'alice@example.org', ['product-news:email']);
  await test.app.db
    .updateTable('mails')
    .set({ state: 'failed', attempts: 14, provider_answer: '550 5.7.1 x' })
    .execute();
});
afterEach(() => test.close());

const mail = () => test.app.db.selectFrom('mails').selectAll().executeTakeFirstOrThrow();

it('lists what was given up, without addresses, and why the queue is paused', async () => {
  await pauseQueue(test.app, '535 wrong password', true);
  const { code, stdout } = await jawort(test.app, ['mails', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    waiting: 0,
    failed: 1,
    paused: { reason: '535 wrong password' },
    mails: [{ kind: 'confirm-signup', reason: '550 5.7.1 x', canBeSent: true }],
  });
  const plain = await jawort(test.app, ['mails']);
  expect(plain.stdout).toContain('1 were given up');
  expect(plain.stdout).toContain('535 wrong password');
  expect(stdout + plain.stdout).not.toContain('alice@example.org');
});

it('puts one or all of them back into the queue, and says so in the audit trail', async () => {
  const { id } = await mail();
  expect(await jawort(test.app, ['mails', 'send-again', id, '--json'])).toMatchObject({
    code: 0,
    stdout: '{"queued":1}\n',
  });
  expect(await mail()).toMatchObject({ state: 'queued', attempts: 0 });
  expect(await jawort(test.app, ['mails', 'send-again', id])).toMatchObject({ code: 1 });
  expect(await jawort(test.app, ['mails', 'send-again', '--all'])).toMatchObject({ code: 0 });
  const [entry] = await test.app.db.selectFrom('audit_entries').select(['act', 'staff_id']).execute();
  expect(entry).toEqual({ act: 'mails.sent_again', staff_id: null });
});

it('is called wrongly with both names and --all, or neither', async () => {
  for (const args of [['send-again'], ['send-again', 'x', '--all'], ['nothing']]) {
    expect((await jawort(test.app, ['mails', ...args])).code).toBe(2);
  }
  expect((await jawort(test.app, ['mails', '--help'])).code).toBe(0);
});

/** `kill -9` while fifty people sign up: whoever was answered has their mail, once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '#db/connect.ts';
import {
  type BuiltServer,
  databaseUrl,
  type Environment,
  ensureBuilt,
  runCommand,
  startBuilt,
} from '#tests/support/built-server.ts';
import { mailsIn } from '#tests/support/mailbox.ts';
import { formVersionOf, post } from '#tests/support/requests.ts';
import { type ResendServer, startResendServer } from '#tests/support/resend-server.ts';

const together = 50;

describe('a killed server', () => {
  let folder: string;
  let server: BuiltServer;
  let resend: ResendServer | undefined;

  beforeAll(ensureBuilt, 180_000);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jawort-crash-'));
  });
  afterEach(async () => {
    await server.kill();
    await resend?.close();
    resend = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  it('has written one mail for everyone it answered, when it is back', async () => {
    const environment = { LIMITS: 'off' };
    server = await startBuilt(folder, environment);
    const answered = [
      ...(await signUpUntilKilled(server, 'early', 3)),
      ...(await restartAnd(environment, (again) => signUpUntilKilled(again, 'late', 30))),
    ];
    server = await startBuilt(folder, environment);
    await outboxEmpty(folder);
    expect(answered.length).toBeGreaterThanOrEqual(33);
    expect(await mailsTo(folder, answered)).toEqual(answered.map((email) => [email, 1]));
    await holdsTogether(folder);
  }, 90_000);

  it('has handed one mail to Resend for everyone it answered, whatever Resend did meanwhile', async () => {
    resend = await startResendServer();
    const environment = {
      LIMITS: 'off',
      MAIL_TRANSPORT: 'resend',
      RESEND_API_KEY: 're_test',
      RESEND_BASE_URL: resend.url,
    };
    resend.answer = () => 'take and hang';
    server = await startBuilt(folder, environment);
    const answered = await signUpUntilKilled(server, 'reader', 25);
    const troubles = [
      { status: 429, name: 'rate_limit_exceeded', headers: { 'Retry-After': '1' } },
      { status: 500, name: 'application_error' },
      'take and hang',
    ] as const;
    const before = resend.requests.length;
    resend.answer = () => troubles[(resend?.requests.length ?? 0) - before - 1] ?? 'take';
    server = await startBuilt(folder, environment);
    await outboxEmpty(folder);
    const addresses = resend.delivered.flatMap((mail) => mail.to);
    expect(answered.map((email) => [email, addresses.filter((to) => to === email).length])).toEqual(
      answered.map((email) => [email, 1]),
    );
    expect(new Set(addresses).size).toBe(addresses.length);
    await holdsTogether(folder);
  }, 150_000);

  async function restartAnd<T>(
    environment: Environment,
    act: (again: BuiltServer) => Promise<T>,
  ): Promise<T> {
    server = await startBuilt(folder, environment);
    return act(server);
  }
});

/** Fifty signups at once; the server is killed after some answers. Returns whom it answered with 303. */
async function signUpUntilKilled(server: BuiltServer, name: string, killAfter: number): Promise<string[]> {
  const version = await formVersionOf(server);
  const answered: string[] = [];
  const signUp = async (email: string) => {
    const consent = ['product-news:email', 'partner-offers:email'];
    const answer = await post(server, '/f/newsletter', { email, consent, form_version: version });
    expect(answer.status).toBe(303);
    answered.push(email);
    if (answered.length === killAfter) await server.kill();
  };
  const all = Array.from({ length: together }, (_, index) => signUp(`${name}-${index}@example.org`));
  const outcomes = await Promise.allSettled(all);
  for (const outcome of outcomes) {
    // A broken connection is what a kill looks like; a wrong status is a failure.
    // Its message may also be "aborted", when an answer had begun; its code tells.
    if (outcome.status === 'rejected') expect(outcome.reason.code, outcome.reason).toMatch(/^(ECONN|EPIPE)/);
  }
  return answered;
}

async function outboxEmpty(folder: string): Promise<void> {
  const db = await connect(databaseUrl(folder));
  try {
    for (;;) {
      const left = await db.selectFrom('mails').select('id').where('state', '<>', 'sent').execute();
      if (left.length === 0) return;
      await wait(200);
    }
  } finally {
    await db.destroy();
  }
}

async function mailsTo(folder: string, addresses: string[]): Promise<[string, number][]> {
  const mails = await mailsIn(join(folder, 'mail'));
  return addresses.map((address) => [address, mails.filter((mail) => mail.to === address).length]);
}

async function holdsTogether(folder: string): Promise<void> {
  // Nothing is found, and nothing was kept outside to compare with.
  expect(await runCommand(folder, 'ledger', 'verify')).toMatchObject({ code: 3 });
  const db = await connect(databaseUrl(folder));
  const checked = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
  const broken = await sql`pragma foreign_key_check`.execute(db);
  await db.destroy();
  expect(checked.rows).toEqual([{ integrity_check: 'ok' }]);
  expect(broken.rows).toEqual([]);
}

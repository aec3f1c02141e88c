import type { KyselyPlugin } from 'kysely';
import { describe, expect, it } from 'vitest';
import { requestManageLink } from '#src/permissions/request-manage-link.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { requestSignup } from '#src/signups/request-signup.ts';
import { resendByHandle } from '#src/signups/resend-confirmation.ts';
import {
  aClient,
  confirmationsTo,
  newestToken,
  openTestApp,
  signUp,
  submission,
  type TestApp,
} from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const victim = 'victim@example.org';

/** How many statements an act sends, and how many rows it reads. */
async function workOf(test: TestApp, act: (app: TestApp['app']) => Promise<unknown>) {
  const work = { statements: 0, rows: 0 };
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      work.statements += 1;
      work.rows += result.rows.length;
      return result;
    },
  };
  await act({ ...test.app, db: test.app.db.withPlugin(counting) });
  return work;
}

describe.each(databases)('the work for an address on %s', (name) => {
  it('does not grow with what was asked for it before', async () => {
    const test = await openTestApp(name);
    const { app } = test;
    app.config.limits = true;
    app.config.confirmMailsPerHour = 1_000_000;
    let sent = 0;
    const request = async (on: TestApp['app'], consent: string[], phone?: string) => {
      sent += 1;
      const fields = { email: victim, consent, ...(phone && { phone }) };
      const address = `10.${sent % 200}.${Math.floor(sent / 200)}.1`;
      return requestSignup(on, await submission(app, 'fair', fields), { ...aClient, address });
    };
    const handle = await signUp(app, victim, ['product-news:email']);
    await confirmSignup(app, await newestToken(app, victim), aClient);

    const doors: [string, (on: TestApp['app']) => Promise<unknown>][] = [
      ['allowed already', (on) => request(on, ['product-news:email'])],
      ['asked for already', (on) => request(on, ['event-invitations:email'])],
      ['something new', (on) => request(on, ['service-calls:phone'], `0151 ${10_000_000 + sent}`)],
      ['send again', (on) => resendByHandle(on, handle)],
      ['the way to the preferences', (on) => requestManageLink(on, victim, 'de', aClient)],
    ];
    const work = async () => {
      const all: Record<string, { statements: number; rows: number }> = {};
      for (const [door, act] of doors) all[door] = await workOf(test, act);
      return all;
    };
    // More than are compared with one another.
    for (let number = 0; number < 40; number += 1) for (const [, act] of doors) await act(app);
    const before = await work();
    for (let number = 0; number < 160; number += 1) for (const [, act] of doors.slice(0, 3)) await act(app);
    const after = await work();
    for (const [door, { statements, rows }] of Object.entries(before)) {
      // Whether the same request is among the newest ones makes a difference of a few statements, once.
      expect(after[door]?.statements, door).toBeLessThanOrEqual(statements + 2);
      expect(after[door]?.rows, door).toBeLessThanOrEqual(rows + 5);
    }
    expect(Object.values(before).every(({ statements }) => statements > 0)).toBe(true);
    expect((await confirmationsTo(app, victim)).length).toBeLessThan(5);
    await test.close();
  });
});

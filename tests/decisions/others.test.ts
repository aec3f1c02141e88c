import { Readable } from 'node:stream';
import Papa from 'papaparse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { othersHead, othersOf } from '#src/decisions/scrub/others.ts';
import { scrub } from '#src/decisions/scrub/scrub.ts';
import { type Capture, captureSchema } from '#src/permissions/capture.ts';
import { captureAtDesk } from '#src/permissions/capture-at-desk.ts';
import { withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import type { Actor } from '#src/staff/actor.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const question = {
  purpose: 'product-news',
  channel: 'email',
  audience: 'consumer',
  jurisdiction: 'DE',
} as const;

describe.each(databases)('othersOf on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(async () => test.close());

  /** Whoever said no to mails, and whose letter box has a ground of its own. */
  async function writable(email: string, street: string): Promise<void> {
    await signUp(test.app, email, ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, email), aClient);
    await withdrawAtDesk(test.app, agent, { contactPoint: email, how: 'email' });
    const mailbox = await test.app.db
      .selectFrom('contact_points')
      .select('person_id')
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    const post: Capture = captureSchema.parse({
      contact_point: `Anna Muster\n${street}\n63452 Hanau`,
      channel: 'post',
      purpose: 'product-news',
      basis: 'legitimate_interest',
      captured_at: '2026-11-02T08:00:00Z',
      captured_by: 'Ari',
      evidence: { source: 'order 17', balancing: 'A customer of ours; letters twice a year.' },
    });
    await captureAtDesk(test.app, agent, post, { personId: mailbox.person_id });
  }

  async function others(lines: string[]) {
    const table = `contact_point\n${lines.join('\n')}\n`;
    let scrubbed = '';
    for await (const { bytes } of scrub(test.app, question, 'csv', Readable.from([Buffer.from(table)]))) {
      scrubbed += bytes;
    }
    let text = othersHead;
    const reasons: Record<string, unknown> = {};
    for await (const one of othersOf(test.app, question, 'csv', Readable.from([scrubbed]))) {
      text += one.text;
      Object.assign(reasons, Object.fromEntries(one.reasons));
    }
    return { rows: Papa.parse<Record<string, string>>(text.trim(), { header: true }).data, reasons };
  }

  it('gives the reason, and who may get a letter instead', async () => {
    await writable('anna@example.org', 'Weg 1');
    await writable('olga@example.org', 'Weg 2');
    await withdrawAtDesk(test.app, agent, {
      contactPoint: 'Anna Muster\nWeg 2\n63452 Hanau',
      purpose: 'product-news',
      channel: 'post',
      how: 'letter',
    });
    await signUp(test.app, 'bob@example.org', ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, 'bob@example.org'), aClient);
    const { rows, reasons } = await others([
      'anna@example.org',
      'bob@example.org',
      'nobody@example.org',
      'olga@example.org',
      'no address',
    ]);
    expect(
      rows.map(({ contact_point, reason, letter, letter_reason }) => [
        contact_point,
        reason,
        letter,
        letter_reason,
      ]),
    ).toEqual([
      ['anna@example.org', 'withdrawn', 'true', 'legitimate_interest'],
      ['nobody@example.org', 'no_permission', 'false', ''],
      ['olga@example.org', 'withdrawn', 'false', 'withdrawn'],
      ['no address', 'invalid_contact_point', 'false', ''],
    ]);
    expect(rows[0]).toMatchObject({
      letter_to: expect.stringContaining('Anna Muster, Weg 1, 63452 Hanau'),
      letter_duties: expect.stringContaining('art21_4_notice'),
    });
    expect(rows[2]?.letter_to).toBe('');
    expect(reasons).toEqual({
      withdrawn: { rows: 2, letters: 1 },
      no_permission: { rows: 1, letters: 0 },
      invalid_contact_point: { rows: 1, letters: 0 },
    });
  });

  it('refuses a file that is no answer of scrub', async () => {
    const reading = othersOf(test.app, question, 'csv', Readable.from(['contact_point\nanna@example.org\n']));
    await expect(reading.next()).rejects.toThrow('no answer of scrub');
  });

  it.each(['no JSON at all', 'null', '7', '{"allowed": false'])(
    'says the same of a line like %s',
    async (line) => {
      const reading = othersOf(test.app, question, 'ndjson', Readable.from([`${line}\n`]));
      await expect(reading.next()).rejects.toThrow('no answer of scrub');
    },
  );
});

const agent: Actor = { id: 'a', email: 'agent@example.org', name: 'Ari Agent', role: 'agent', locale: null };

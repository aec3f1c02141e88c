import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '#src/app/app.ts';
import type { ImportRow } from '#src/exchange/import-row.ts';
import { landRows, tryRows } from '#src/exchange/try-rows.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { decryptJson } from '#src/people/encryption.ts';
import { findByAddress, parseAddress } from '#src/people/find-by-address.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import {
  aClient,
  mailKindsTo,
  newestToken,
  openTestApp,
  permissionsOf,
  signUp,
  type TestApp,
} from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const alice = 'alice@example.org';

function row(line: number, values: Record<string, string>): ImportRow {
  const { purpose = 'product-news', channel = 'email' } = values;
  const usual = {
    contact_point: `p${line}@example.org`,
    channel,
    purpose,
    text_version: `${purpose}/${channel}/de@1.0`,
    captured_at: '2026-01-01',
    captured_by: 'CRM',
    source: 'old CRM',
    proof_ref: `p-${line}`,
    confirmed_at: '2026-01-01',
  };
  return { line, values: { ...usual, ...values } };
}

const strangers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) =>
    row(from + index, { given_name: `Person ${from + index}` }),
  );

describe.each(databases)('the lines of an import on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
    await signUp(test.app, alice, ['event-invitations:email']);
    await confirmSignup(test.app, await newestToken(test.app, alice), aClient);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  /** The same application, and how many queries Kysely was given to build since it was made. */
  function counted(): { app: App; queries: () => number } {
    let queries = 0;
    const db = test.app.db.withPlugin({
      transformQuery({ node }) {
        queries += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    return { app: { ...test.app, db }, queries: () => queries };
  }

  it('ask the database no more for a hundred strangers than for ten', async () => {
    const asked = async (rows: ImportRow[]) => {
      const { app, queries } = counted();
      expect((await tryRows(app, rows, 'key')).map(({ outcome }) => outcome)).not.toContain('refused');
      return queries();
    };
    await tryRows(test.app, strangers(2, 102), 'key');
    expect(await asked(strangers(2, 102))).toBeLessThanOrEqual((await asked(strangers(2, 12))) + 5);
  });

  it('find whom a line before them added, and whoever was known already', async () => {
    const { app } = test;
    const rows = [
      ...strangers(2, 5),
      row(5, {
        contact_point: 'P3@example.org',
        purpose: 'event-invitations',
        given_name: 'Another',
        city: 'Hanau',
      }),
      row(6, { contact_point: alice }),
      row(7, { contact_point: '+49 6181 123456', channel: 'phone', purpose: 'service-calls' }),
      row(8, { contact_point: '06181 123456', channel: 'phone', purpose: 'event-invitations' }),
      row(9, { text_version: 'product-news/email/de@9.0' }),
      row(10, { purpose: 'price-list', channel: 'email' }),
      ...strangers(11, 13),
    ];
    let outcomes: string[] = [];
    await landRows(app, rows, { id: 'import', filed_by: 'key' }, async (_, told) => {
      outcomes = told.map(({ line, outcome, why }) =>
        `${line} ${outcome} ${why?.split(':')[0] ?? ''}`.trim(),
      );
    });
    expect(outcomes).toEqual([
      '2 usable',
      '3 usable',
      '4 usable',
      '5 usable',
      '6 usable',
      expect.stringMatching(/^7 unusable/),
      expect.stringMatching(/^8 unusable/),
      '9 refused text_version',
      '10 refused channel',
      '11 usable',
      '12 usable',
    ]);
    expect(await permissionsOf(app, 'p3@example.org')).toEqual({
      'product-news:email': 'granted',
      'event-invitations:email': 'granted',
    });
    expect(await permissionsOf(app, alice)).toEqual({
      'product-news:email': 'granted',
      'event-invitations:email': 'granted',
    });
    // Only who is known to read it is told by mail.
    expect((await mailKindsTo(app, alice)).at(-1)).toBe('permissions-changed');
    expect(await mailKindsTo(app, 'p3@example.org')).toEqual([]);
    const people = await app.db.selectFrom('people').select('id').execute();
    expect(people).toHaveLength(1 + 3 + 1 + 2);
    const [third] = await findByAddress(app.db, app.keys, parseAddress(app.keys, 'p3@example.org', 'email'));
    const { details_enc } = await app.db
      .selectFrom('people')
      .select('details_enc')
      .where('id', '=', third?.person.id ?? '')
      .executeTakeFirstOrThrow();
    expect(third && details_enc && decryptJson(third.person.key, details_enc)).toEqual({
      given_name: 'Person 3',
      city: 'Hanau',
    });
  });
});

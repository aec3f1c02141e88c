/** The same thing reported twice at the same moment: by programs, at desks, by a person and a program. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '#src/app/app.ts';
import { fileImport } from '#src/exchange/file-import.ts';
import { releaseImport } from '#src/exchange/release-import.ts';
import { runImport } from '#src/exchange/run-import.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { dropLetter } from '#src/letters/finish-letters.ts';
import { printLetters } from '#src/letters/print-letters.ts';
import { manageLink } from '#src/links/signed-link.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { captureAtDesk, revokeCaptureAtDesk } from '#src/permissions/capture-at-desk.ts';
import { changePreferences } from '#src/permissions/change-preferences.ts';
import { expirePermissions } from '#src/permissions/expire-permissions.ts';
import { restrictProcessing } from '#src/permissions/restrict-processing.ts';
import { withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { rejectSignup } from '#src/signups/reject-signup.ts';
import type { Actor } from '#src/staff/actor.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { aClient, mailKindsTo, newestToken, permissionsOf, signUp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const agent: Actor = { id: 'agent', name: 'Agent', email: 'agent@example.org', role: 'agent', locale: 'de' };
const admin: Actor = { id: 'admin', name: 'Admin', email: 'admin@example.org', role: 'admin', locale: 'de' };
const both = ['product-news:email', 'event-invitations:email'];
const paper = {
  contact_point: 'Beispielweg 7, 12345 Musterstadt',
  channel: 'post',
  purpose: 'product-news',
  audience: 'consumer',
  basis: 'legitimate_interest',
  captured_at: '2026-10-01T09:00:00.000Z',
  captured_by: 'AB',
  person: { given_name: 'Anna', family_name: 'Beispiel' },
  evidence: { source: 'trade fair', balancing: 'weighed' },
} as const;

describe.each(databases)('reported twice at the same moment on %s', (name) => {
  let test: TestApi;

  beforeEach(async () => {
    test = await openTestApi(name);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  it('a withdrawal by the API ends each permission once and sends one mail', async () => {
    const people = times(20, (index) => `reader-${index}@example.org`);
    for (const email of people) await confirmed(test.app, email);
    const tell = (email: string) => test.call('/withdrawals', { contact_point: email, how: 'telephone' });
    const answers = await Promise.all(people.flatMap((email) => [tell(email), tell(email)]));
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200));
    expect((await kindsOf(test.app)).withdrawn).toBe(40);
    const mails = await Promise.all(people.map((email) => mailKindsTo(test.app, email)));
    expect(mails.flat().filter((kind) => kind === 'permissions-changed')).toHaveLength(40);
    expect(await blocks(test.app)).toBe(0);
  });

  it('a no of a stranger blocks once', async () => {
    const tell = () => test.call('/withdrawals', { contact_point: 'nobody@example.org', how: 'letter' });
    await Promise.all(times(6, tell));
    expect(await blocks(test.app)).toBe(1);
  });

  it('a no at the desk, by the API and in the preference centre is one no', async () => {
    const { app } = test;
    await confirmed(app, 'alice@example.org');
    const point = await mailbox(app, 'alice@example.org');
    const link = manageLink(app.keys, point, 0, app.now());
    await Promise.all([
      withdrawAtDesk(app, agent, { contactPoint: 'alice@example.org', how: 'telephone' }),
      test.call('/withdrawals', { contact_point: 'alice@example.org', how: 'telephone' }),
      changePreferences(app, link, 'all_no', aClient, 'de'),
      withdrawAtDesk(app, agent, { contactPoint: 'alice@example.org', how: 'letter' }),
    ]);
    expect((await kindsOf(app)).withdrawn).toBe(2);
    expect(await blocks(app)).toBe(0);
  });

  it('an answer in the preference centre asks once and withdraws once', async () => {
    const { app } = test;
    await confirmed(app, 'alice@example.org');
    const link = manageLink(app.keys, await mailbox(app, 'alice@example.org'), 0, app.now());
    const save = (answer: 'yes' | 'no', purpose: string) =>
      changePreferences(app, link, [{ purpose, channel: 'email', answer }], aClient, 'de');
    await Promise.all(times(4, () => save('no', 'product-news')));
    await Promise.all(times(4, () => save('yes', 'product-news')));
    await Promise.all(times(4, () => save('no', 'partner-offers')));
    const { withdrawn, requested, refused } = await kindsOf(app);
    expect({ withdrawn, requested, refused }).toEqual({ withdrawn: 1, requested: 3, refused: 1 });
  });

  it('a rejected signup is refused once', async () => {
    const { app } = test;
    await signUp(app, 'alice@example.org', both);
    const token = await newestToken(app, 'alice@example.org');
    await Promise.all(times(6, () => rejectSignup(app, token, aClient)));
    expect((await kindsOf(app)).refused).toBe(2);
    expect(await blocks(app)).toBe(1);
  });

  it('a first capture of a number makes one person', async () => {
    const call = { ...paper, contact_point: '+49 30 901820', channel: 'phone', purpose: 'service-calls' };
    const reason = {
      ...call,
      audience: 'business',
      basis: 'presumed',
      evidence: {
        reason_code: 'handed_over_card',
        facts: 'Handed over a business card at the fair and asked to be called about drills.',
        subject_of_call: 'drills',
        product_line: 'drills',
      },
    };
    const answers = await Promise.all(times(4, () => test.call('/consents', reason)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.permission_id)).size).toBe(1);
  });

  it('a yes that is older than a no never comes after it', async () => {
    const { app } = test;
    const captures = times(8, async (index) => {
      const contact_point = `Beispielweg ${index + 1}, 12345 Musterstadt`;
      await test.call('/consents', { ...paper, contact_point });
      const consent = { ...paper, contact_point, basis: 'consent', method: 'paper' };
      const evidence = { signed_at: '2026-10-01', place: 'Ulm', scan_sha256: 'a'.repeat(64) };
      await Promise.all([
        test.call('/withdrawals', { contact_point, how: 'letter' }),
        test.call('/consents', { ...consent, text_version: 'product-news/post/de@1.0', evidence }),
      ]);
    });
    await Promise.all(captures);
    const states = await app.db.selectFrom('permissions').select('state').execute();
    expect(states.map(({ state }) => state)).toEqual(Array(8).fill('withdrawn'));
  });

  it('a correction mends once, and what is restricted is restricted once', async () => {
    const { app } = test;
    const taken = await captureAtDesk(app, agent, { ...paper, person: { ...paper.person } });
    if (taken.outcome !== 'captured') throw new Error(taken.outcome);
    const { id } = await app.db.selectFrom('events').select('id').executeTakeFirstOrThrow();
    const mend = () =>
      revokeCaptureAtDesk(app, agent, { eventId: id, wrong: 'never_said', reason: 'mixed up' });
    const outcomes = (await Promise.all(times(4, mend))).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'taken_back')).toHaveLength(1);
    const restrict = () => restrictProcessing(app, agent, taken.contactPointId, 'unlawful', 'letter');
    const restricted = (await Promise.all(times(4, restrict))).map(({ outcome }) => outcome);
    expect(restricted.filter((outcome) => outcome === 'done')).toHaveLength(1);
  });

  it('a letter is printed once or dropped, and never both', async () => {
    const { app } = test;
    await captureAtDesk(app, agent, { ...paper, person: { ...paper.person } });
    const { id } = await app.db.selectFrom('letters').select('id').executeTakeFirstOrThrow();
    const [first, second, dropped] = await Promise.all([
      printLetters(app, agent, 'all'),
      printLetters(app, agent, 'all'),
      dropLetter(app, agent, id),
    ]);
    const printed = [first, second].filter(({ outcome }) => outcome === 'printed').length;
    expect(printed + (dropped ? 1 : 0)).toBe(1);
  });

  it('an import is let in once and lands each line once', async () => {
    const { app } = test;
    const filer = { origin: 'staff', id: 'marketing', name: 'Marketing', releases: false } as const;
    const file = Buffer.from(
      'contact_point,channel,purpose,text_version,captured_at,captured_by,source,proof_ref,confirmed_at\n' +
        'a@example.org,email,product-news,product-news/email/de@1.0,2026-03-02T10:00:00Z,M,Old,1,2026-03-02T10:05:00Z\n',
    );
    const filed = await fileImport(app, { name: 'old.csv', file }, filer);
    if (filed.outcome !== 'filed') throw new Error(filed.outcome);
    const { id } = filed.import;
    await Promise.all(times(3, () => runImport(app, id)));
    const released = await Promise.all(times(3, () => releaseImport(app, admin, id)));
    expect(released.filter(({ outcome }) => outcome === 'released')).toHaveLength(1);
    await Promise.all(times(3, () => runImport(app, id)));
    expect(await kindsOf(app)).toEqual({ imported: 1 });
  });

  it('what has run out ends once', async () => {
    const { app } = test;
    await confirmed(app, 'alice@example.org');
    await app.db.updateTable('permissions').set({ valid_until: '2026-11-03T00:00:00.000Z' }).execute();
    test.pass({ days: 2 });
    const ended = await Promise.all(times(4, () => expirePermissions(app)));
    expect(ended.reduce((sum, count) => sum + count)).toBe(2);
    expect((await kindsOf(app)).expired).toBe(2);
    // What the test itself wrote into the table is no part of the ledger.
    await app.db.updateTable('permissions').set({ valid_until: null }).execute();
    expect(await permissionsOf(app, 'alice@example.org')).toEqual({
      'product-news:email': 'expired',
      'event-invitations:email': 'expired',
    });
  });
});

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

async function confirmed(app: App, email: string): Promise<void> {
  await signUp(app, email, both);
  await confirmSignup(app, await newestToken(app, email), aClient);
}

async function mailbox(app: App, email: string): Promise<string> {
  const hash = lookupHash(app.keys, 'email', email);
  const { id } = await app.db
    .selectFrom('contact_points')
    .select('id')
    .where('lookup_hash', '=', hash)
    .executeTakeFirstOrThrow();
  return id;
}

async function kindsOf(app: App): Promise<Record<string, number>> {
  const events = await app.db.selectFrom('events').select('kind').execute();
  const kinds: Record<string, number> = {};
  for (const { kind } of events) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
}

async function blocks(app: App): Promise<number> {
  return (await app.db.selectFrom('suppressions').select('id').execute()).length;
}

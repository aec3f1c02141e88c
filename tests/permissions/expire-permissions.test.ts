import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalWording, wordingHash } from '#src/consent-texts/canonical-wording.ts';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { type Ageing, countAgeing } from '#src/figures/count-ageing.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { expirePermissions } from '#src/permissions/expire-permissions.ts';
import { countProofs, proofRetainedUntil } from '#src/permissions/proof-retention.ts';
import { withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import type { Actor } from '#src/staff/actor.ts';
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

const anna = 'anna@example.org';
const bob = 'bob@example.org';

describe.each(databases)('what runs out, on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  async function isIn(email: string, consents = ['product-news:email']): Promise<void> {
    await signUp(test.app, email, consents);
    await confirmSignup(test.app, await newestToken(test.app, email), aClient);
  }

  /** The words of the demo, with an end in them, as if they had been approved like that. */
  async function promiseOneYear(): Promise<void> {
    const text = await test.app.db
      .selectFrom('consent_texts')
      .innerJoin('purposes', 'purposes.id', 'consent_texts.purpose_id')
      .innerJoin('consent_text_versions as version', 'version.id', 'consent_texts.live_version_id')
      .selectAll('version')
      .where('purposes.key', '=', 'product-news')
      .where('consent_texts.channel', '=', 'email')
      .where('consent_texts.locale', '=', 'de')
      .executeTakeFirstOrThrow();
    const wording = canonicalWording(`${text.wording} Die Einwilligung gilt für ein Jahr.`);
    const more = { id: 'with-an-end', minor: 1, wording, sha256: wordingHash(wording) };
    await test.app.db
      .insertInto('consent_text_versions')
      .values({ ...text, ...more })
      .execute();
    await test.app.db
      .updateTable('signup_items')
      .set({ text_version_id: more.id })
      .where('text_version_id', '=', text.id)
      .execute();
  }

  const decision = async (email: string) => {
    const asked = {
      purpose: 'product-news',
      channel: 'email',
      audience: 'consumer',
      jurisdiction: 'DE',
    } as const;
    const [one] = await decideContacts(test.app, test.app.db, asked, [email]);
    return one?.decision;
  };
  const ageing = async (): Promise<Ageing | undefined> =>
    (await countAgeing(test.app.db, test.app.now())).find(({ purpose }) => purpose === 'product-news');

  it('ends what promised an end, tells the person once, and asks nobody again', async () => {
    await signUp(test.app, anna, ['product-news:email']);
    await promiseOneYear();
    await confirmSignup(test.app, await newestToken(test.app, anna), aClient);
    await isIn(bob);
    expect((await decision(anna))?.valid_until).toBe('2027-11-02T09:00:00.000Z');
    test.pass({ days: 300 });
    expect(await ageing()).toMatchObject({ standing: 2, endingIn30Days: 0, endingIn90Days: 1 });
    test.pass({ days: 64 });
    expect(await expirePermissions(test.app)).toBe(0);
    test.pass({ days: 2 });
    // Whether the job has run or not.
    expect(await decision(anna)).toMatchObject({ allowed: false, reason: 'expired' });
    expect(await expirePermissions(test.app)).toBe(1);
    expect(await expirePermissions(test.app)).toBe(0);
    expect(await decision(anna)).toMatchObject({ allowed: false, reason: 'expired', state: 'expired' });
    expect(await permissionsOf(test.app, anna)).toEqual({ 'product-news:email': 'expired' });
    expect(await mailKindsTo(test.app, anna)).toEqual([
      'confirm-signup',
      'permissions-changed',
      'permissions-changed',
    ]);
    expect(await permissionsOf(test.app, bob)).toEqual({ 'product-news:email': 'granted' });
  });

  it('counts what is unused by the limits that decide', async () => {
    await isIn(anna);
    test.pass({ days: 364 });
    expect(await decision(anna)).toMatchObject({ allowed: true, flags: [] });
    expect(await ageing()).toMatchObject({ standing: 1, flagged: 0, denied: 0 });
    test.pass({ days: 2 });
    expect(await decision(anna)).toMatchObject({ allowed: true, flags: ['ageing'] });
    expect(await ageing()).toMatchObject({ flagged: 1, denied: 0 });
    test.pass({ days: 366 });
    expect(await decision(anna)).toMatchObject({
      allowed: false,
      reason: 'unused_too_long',
      state: 'granted',
    });
    expect(await ageing()).toMatchObject({ flagged: 0, denied: 1 });
    expect(await mailKindsTo(test.app, anna)).toHaveLength(2);
  });

  it('counts the proof that nothing asks for any more', async () => {
    await isIn(anna);
    await withdrawAtDesk(test.app, agent, { contactPoint: anna, how: 'letter' });
    const proofs = async () => (await countProofs(test.app.db, test.app.now()))[0];
    expect(await proofs()).toEqual({ purpose: 'product-news', channel: 'email', kept: 1, due: 0 });
    test.pass({ days: 3 * 365 });
    expect(await proofs()).toMatchObject({ kept: 1, due: 0 });
    test.pass({ days: 65 });
    expect(await proofs()).toMatchObject({ kept: 0, due: 1 });
  });
});

describe('proofRetainedUntil', () => {
  const ended = {
    channel: 'email',
    basis: 'consent',
    grantedAt: '2026-01-15T10:00:00.000Z',
    lastUsedAt: null,
    endedAt: '2026-11-02T10:00:00.000Z',
    proofYears: 3,
  } as const;

  it('is the end of the third year after the year of the end or the last use', () => {
    expect(proofRetainedUntil(ended)).toBe('2029-12-31T22:59:59.999Z');
    expect(proofRetainedUntil({ ...ended, lastUsedAt: '2027-02-01T10:00:00.000Z' })).toBe(
      '2030-12-31T22:59:59.999Z',
    );
    // It is new year in Germany already.
    expect(proofRetainedUntil({ ...ended, endedAt: '2026-12-31T23:30:00.000Z' })).toBe(
      '2030-12-31T22:59:59.999Z',
    );
  });

  it('is five years from the yes and from each call, where that is later', () => {
    const call = { ...ended, channel: 'phone' } as const;
    expect(proofRetainedUntil(call)).toBe('2031-01-15T10:00:00.000Z');
    expect(proofRetainedUntil({ ...call, lastUsedAt: '2026-10-01T10:00:00.000Z' })).toBe(
      '2031-10-01T10:00:00.000Z',
    );
    expect(proofRetainedUntil({ ...call, grantedAt: '2020-01-01T10:00:00.000Z' })).toBe(
      '2029-12-31T22:59:59.999Z',
    );
  });
});

const agent: Actor = { id: 'a', email: 'agent@example.org', name: 'Ari Agent', role: 'agent', locale: null };

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { contactRules } from '#src/decisions/rules.ts';
import { draftOf, findPurpose } from '#src/purposes/purpose.ts';
import { savePurpose } from '#src/purposes/save-purpose.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aMember } from '#tests/staff/desk.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { decideQuestion } from './decide-question.ts';
import { nothingKnown, question, verified } from './facts.ts';

describe('months without use that a purpose sets', () => {
  const reasonAfter = (at: string, nonUse: typeof question.nonUse) =>
    decideQuestion({ ...question, at, nonUse }, { ...nothingKnown, permission: verified }, contactRules)
      .reason;

  it('count instead of those of the rules', () => {
    const sixMonths = { flagMonths: null, denyMonths: 6 };
    expect(reasonAfter('2026-08-31T10:00:00.000Z', sixMonths)).toBe('consent_active');
    expect(reasonAfter('2026-09-02T10:00:00.000Z', sixMonths)).toBe('unused_too_long');
    expect(reasonAfter('2028-02-28T10:00:00.000Z', { flagMonths: null, denyMonths: null })).toBe(
      'consent_active',
    );
  });

  it('never exceed the limit of the rules', () => {
    const forEver = { flagMonths: null, denyMonths: 900 };
    expect(reasonAfter('2030-02-28T10:00:00.000Z', forEver)).toBe('consent_active');
    expect(reasonAfter('2030-03-02T10:00:00.000Z', forEver)).toBe('unused_too_long');
  });
});

describe.each(databases)('a purpose with months of its own on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  it('is decided by them', async () => {
    const { app } = test;
    await signUp(app, 'alice@example.org', ['product-news:email']);
    await confirmSignup(app, await newestToken(app, 'alice@example.org'), aClient);
    const legal = await aMember(app, 'legal');
    const purpose = await findPurpose(app.db, 'product-news');
    if (!purpose) throw new Error('no purpose');
    const draft = draftOf(purpose);
    const channels = draft.channels.map((one) =>
      one.channel === 'email' ? { ...one, flagMonths: 3, denyMonths: 6 } : one,
    );
    await savePurpose(app, legal, purpose.key, {
      revision: purpose.revision,
      draft: { ...draft, channels },
    });
    const reason = async () => {
      const asked = {
        purpose: purpose.key,
        channel: 'email',
        audience: 'consumer',
        jurisdiction: 'DE',
      } as const;
      const [answer] = await decideContacts(app, app.db, asked, ['alice@example.org']);
      return answer?.decision.reason;
    };
    expect(await reason()).toBe('consent_active');
    test.pass({ days: 190 });
    expect(await reason()).toBe('unused_too_long');
  });
});

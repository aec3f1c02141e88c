import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyLedger } from '#src/ledger/verify.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { describeSignup } from '#src/signups/describe-signup.ts';
import { rejectSignup } from '#src/signups/reject-signup.ts';
import {
  aClient,
  confirmationsTo,
  mailKindsTo,
  newestToken,
  openTestApp,
  permissionsOf,
  signUp,
  type TestApp,
} from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('confirmSignup on %s', (name) => {
  let test: TestApp;
  const alice = 'alice@example.org';

  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(async () => {
    const report = await verifyLedger(test.app.db, test.app.keys);
    expect(report.faults).toEqual([]);
    await test.close();
  });

  it('grants the requested purposes once, however often the link is used', async () => {
    const { app } = test;
    await signUp(app, alice, ['product-news:email', 'event-invitations:email']);
    const token = await newestToken(app, alice);
    expect(await permissionsOf(app, alice)).toEqual({
      'product-news:email': 'pending',
      'event-invitations:email': 'pending',
    });
    expect(await confirmSignup(app, token, aClient)).toEqual({ outcome: 'confirmed' });
    expect(await confirmSignup(app, token, aClient)).toEqual({ outcome: 'already_confirmed' });
    expect(await permissionsOf(app, alice)).toEqual({
      'product-news:email': 'granted',
      'event-invitations:email': 'granted',
    });
    expect(await mailKindsTo(app, alice)).toEqual(['confirm-signup', 'permissions-changed']);
  });

  it('lets exactly one of many clicks at once win', async () => {
    const { app } = test;
    await signUp(app, alice, ['product-news:email']);
    const token = await newestToken(app, alice);
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, async () => (await confirmSignup(app, token, aClient)).outcome),
    );
    expect(outcomes.filter((outcome) => outcome === 'confirmed')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'already_confirmed')).toHaveLength(11);
    expect(await mailKindsTo(app, alice)).toEqual(['confirm-signup', 'permissions-changed']);
  });

  it('takes one answer, when a yes and a no come at once', async () => {
    const { app } = test;
    for (const email of ['a@example.org', 'b@example.org', 'c@example.org', 'd@example.org']) {
      await signUp(app, email, ['product-news:email']);
      const token = await newestToken(app, email);
      const [yes, no] = await Promise.all([
        confirmSignup(app, token, aClient),
        rejectSignup(app, token, aClient),
      ]);
      const states = await permissionsOf(app, email);
      if (yes.outcome === 'confirmed') {
        expect(no).toEqual({ outcome: 'already_confirmed' });
        expect(states).toEqual({ 'product-news:email': 'granted' });
      } else {
        expect([yes, no]).toEqual([{ outcome: 'already_rejected' }, { outcome: 'rejected' }]);
        expect(states).toEqual({ 'product-news:email': 'refused' });
      }
    }
  });

  it('changes nothing by looking', async () => {
    const { app } = test;
    await signUp(app, alice, ['product-news:email']);
    const token = await newestToken(app, alice);
    for (let look = 0; look < 20; look += 1) {
      expect(await describeSignup(app, token)).toMatchObject({ state: 'open' });
    }
    expect(await permissionsOf(app, alice)).toEqual({ 'product-news:email': 'pending' });
  });

  it('grants nothing after the link has expired', async () => {
    const { app, pass } = test;
    await signUp(app, alice, ['product-news:email']);
    const token = await newestToken(app, alice);
    pass({ hours: 72 });
    expect(await confirmSignup(app, token, aClient)).toEqual({ outcome: 'expired' });
    expect(await describeSignup(app, token)).toMatchObject({ state: 'expired' });
    expect(await permissionsOf(app, alice)).toEqual({ 'product-news:email': 'pending' });
  });

  it('does not know a link it never sent', async () => {
    const { app } = test;
    expect(await confirmSignup(app, 'A'.repeat(43), aClient)).toEqual({ outcome: 'unknown_link' });
    expect(await confirmSignup(app, "'; DROP TABLE events; --", aClient)).toEqual({
      outcome: 'unknown_link',
    });
    expect(await describeSignup(app, '')).toEqual({ state: 'unknown' });
  });

  it('does not take the confirmation of a mailbox for that of a phone', async () => {
    const { app } = test;
    await signUp(app, alice, ['product-news:email', 'service-calls:phone'], 'fair', {
      phone: '06181 123456',
    });
    await confirmSignup(app, await newestToken(app, alice), aClient);
    const rows = await app.db
      .selectFrom('permissions')
      .select(['channel', 'state', 'evidence_grade', 'channel_verified'])
      .orderBy('channel')
      .execute();
    expect(rows).toEqual([
      { channel: 'email', state: 'granted', evidence_grade: 'A', channel_verified: 1 },
      { channel: 'phone', state: 'granted', evidence_grade: 'D', channel_verified: 0 },
    ]);
  });

  it('grants nothing to whom says that it was not them, and mails that address no more', async () => {
    const { app } = test;
    await signUp(app, alice, ['product-news:email']);
    const token = await newestToken(app, alice);
    expect(await rejectSignup(app, token, aClient)).toEqual({ outcome: 'rejected' });
    expect(await rejectSignup(app, token, aClient)).toEqual({ outcome: 'already_rejected' });
    expect(await confirmSignup(app, token, aClient)).toEqual({ outcome: 'already_rejected' });
    expect(await permissionsOf(app, alice)).toEqual({ 'product-news:email': 'refused' });
    await signUp(app, alice, ['event-invitations:email']);
    expect(await confirmationsTo(app, alice)).toHaveLength(1);
  });

  it('takes away nothing that stood before, when a later request is refused', async () => {
    const { app } = test;
    await signUp(app, alice, ['product-news:email']);
    await confirmSignup(app, await newestToken(app, alice), aClient);
    await signUp(app, alice, ['product-news:email', 'event-invitations:email']);
    expect(await permissionsOf(app, alice)).toMatchObject({ 'product-news:email': 'granted' });
    await rejectSignup(app, await newestToken(app, alice), aClient);
    expect(await permissionsOf(app, alice)).toEqual({
      'product-news:email': 'granted',
      'event-invitations:email': 'refused',
    });
  });

  it('keeps exactly the words, the form and the address as evidence, and nothing of it in the clear', async () => {
    const { app } = test;
    await signUp(app, alice, ['product-news:email'], 'newsletter', { source: 'Herbstmesse' });
    const evidence = await app.db.selectFrom('evidence').selectAll().execute();
    const { findPerson } = await import('#src/people/contact-points.ts');
    const { decryptJson } = await import('#src/people/encryption.ts');
    const person = await findPerson(app.db, app.keys, evidence[0]?.person_id ?? '');
    const content = decryptJson<{ consents: unknown[]; source: string }>(
      person?.key as never,
      evidence[0]?.content_enc ?? '',
    );
    const text = await app.db
      .selectFrom('consent_text_versions')
      .innerJoin('signup_items', 'signup_items.text_version_id', 'consent_text_versions.id')
      .select(['wording', 'sha256'])
      .executeTakeFirstOrThrow();
    expect(content).toMatchObject({
      act: 'request',
      source: 'Herbstmesse',
      consents: [
        {
          value: 'product-news:email',
          text_version: 'product-news/email/de@1.0',
          contact_point: alice,
          ...text,
        },
      ],
    });
    for (const table of ['people', 'contact_points', 'signups', 'evidence', 'events', 'mails'] as const) {
      const rows = await app.db.selectFrom(table).selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain('alice');
    }
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueReceipt } from '#src/dossiers/receipt.ts';
import { verifyReceipt } from '#src/dossiers/verify-receipt.ts';
import { manageLink } from '#src/links/signed-link.ts';
import { deriveKeys } from '#src/secrets/keys.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';

describe('issueReceipt', () => {
  let test: TestApp;
  let link: string;
  beforeEach(async () => {
    test = await openTestApp('sqlite');
    const { app } = test;
    await signUp(app, 'anna@example.org', ['partner-offers:email']);
    await confirmSignup(app, await newestToken(app, 'anna@example.org'), aClient);
    const point = await app.db.selectFrom('contact_points').select('id').executeTakeFirstOrThrow();
    link = manageLink(app.keys, point.id, 0, app.now());
  });
  afterEach(() => test.close());

  it('gives the person everything that stands, word for word, signed', async () => {
    const result = await issueReceipt(test.app, link, 'de');
    if (result.outcome !== 'issued') throw new Error(result.outcome);
    const { receipt } = result;
    const text = await test.app.db
      .selectFrom('consent_text_versions')
      .select(['wording', 'sha256'])
      .where('wording', 'like', '%Beispiel Versicherung AG, Köln, geben%')
      .executeTakeFirstOrThrow();
    expect(receipt.permissions).toHaveLength(8);
    expect(receipt.permissions.find((line) => line.purpose === 'partner-offers')).toMatchObject({
      contact_point: 'anna@example.org',
      state: 'granted',
      text_version: 'partner-offers/email/de@1.0',
      third_parties: [{ name: 'Beispiel Versicherung AG' }],
      ...text,
    });
    expect(verifyReceipt(test.app.keys, JSON.stringify(receipt, null, 2))).toBe('genuine');
  });

  it('is not genuine any more with one word changed', async () => {
    const result = await issueReceipt(test.app, link, 'de');
    if (result.outcome !== 'issued') throw new Error(result.outcome);
    const forged = structuredClone(result.receipt);
    const [line] = forged.permissions;
    if (line) line.state = 'granted';
    expect(verifyReceipt(test.app.keys, JSON.stringify(forged))).toBe('changed');
    const unsigned = JSON.stringify({ ...forged, signature: undefined });
    expect(verifyReceipt(test.app.keys, unsigned)).toBe('unreadable');
    expect(verifyReceipt(test.app.keys, 'nonsense')).toBe('unreadable');
  });

  it('is told apart from that of another instance', async () => {
    const result = await issueReceipt(test.app, link, 'de');
    if (result.outcome !== 'issued') throw new Error(result.outcome);
    const other = deriveKeys('another instance has another secret');
    expect(verifyReceipt(other, JSON.stringify(result.receipt))).toBe('unknown_key');
  });

  it('needs a link younger than a day', async () => {
    test.pass({ hours: 25 });
    expect(await issueReceipt(test.app, link, 'de')).toEqual({ outcome: 'link_too_old' });
    expect(await issueReceipt(test.app, 'x', 'de')).toEqual({ outcome: 'unknown_link' });
  });
});

import Papa from 'papaparse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ContactQuestion, decideContacts } from '#src/decisions/decide-contacts.ts';
import { scrub } from '#src/decisions/scrub/scrub.ts';
import { sendingLinks } from '#src/decisions/sending-links.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { suppress } from '#src/people/suppress.ts';
import { type Capture, captureSchema } from '#src/permissions/capture.ts';
import { captureConsent } from '#src/permissions/capture-consent.ts';
import { recordUses } from '#src/permissions/record-uses.ts';
import { withdrawByAddress } from '#src/permissions/withdraw-by-address.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('the lines of a scrubbed file on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(async () => test.close());

  const saysYes = async (email: string, ...consents: string[]) => {
    await signUp(test.app, email, consents);
    await confirmSignup(test.app, await newestToken(test.app, email), aClient);
  };
  const withdraws = (email: string) =>
    test.app.db
      .transaction()
      .execute((tx) =>
        withdrawByAddress(
          tx,
          test.app,
          { contactPoint: email, how: 'by phone' },
          { origin: 'api', actor: 'key' },
        ),
      );
  const blocked = (email: string, reason: 'objection' | 'bounce' | 'not_me') =>
    test.app.db.transaction().execute((tx) => {
      const hash = lookupHash(test.app.keys, 'email', email);
      return suppress(tx, test.app.now().toISOString(), [{ channel: 'email', hash }], reason);
    });
  const isUsed = async (email: string, times: number) => {
    const { id } = await test.app.db
      .selectFrom('permissions')
      .innerJoin('contact_points', 'contact_points.id', 'permissions.contact_point_id')
      .select('permissions.id')
      .where('lookup_hash', '=', lookupHash(test.app.keys, 'email', email))
      .executeTakeFirstOrThrow();
    const usedAt = test.app.now().toISOString();
    const uses = Array.from({ length: times }, () => ({ permissionId: id, usedAt, campaign: null }));
    const by = { origin: 'api', actor: 'key' } as const;
    await test.app.db.transaction().execute((tx) => recordUses(tx, usedAt, uses, by));
  };
  const fillsInACard = async (email: string) => {
    const card: Capture = captureSchema.parse({
      contact_point: email,
      channel: 'email',
      purpose: 'product-news',
      audience: 'consumer',
      basis: 'consent',
      text_version: 'product-news/email/de@1.0',
      method: 'import',
      captured_at: '2026-10-01T08:00:00.000Z',
      captured_by: 'Ari',
      evidence: { source: 'the old system', proof_ref: 'row 17' },
    });
    const by = { origin: 'api', actor: 'key' } as const;
    await test.app.db.transaction().execute((tx) => captureConsent(tx, test.app, card, by));
  };

  /** Every line with what the API says of the same address. */
  async function bothOf(question: ContactQuestion, addresses: string[]) {
    const table = `contact_point\n${addresses.join('\n')}\n`;
    let text = '';
    for await (const { bytes } of scrub(test.app, question, 'csv', oneChunk(table))) text += bytes;
    const lines = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
    const decided = await decideContacts(test.app, test.app.db, question, addresses);
    const expected = decided.map(({ contactPoint, decision, found, purposeId }) => ({
      contact_point: contactPoint,
      allowed: String(decision.allowed),
      reason: decision.reason,
      law: decision.law.join('; '),
      valid_until: decision.valid_until,
      allowed_again_at: decision.allowed_again_at,
      jurisdiction: decision.jurisdiction,
      rules_version: decision.rules_version,
      ...sendingLinks(test.app, decision.allowed, found.contactPoint, purposeId),
      row_error: '',
    }));
    const empty = (row: object) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value ?? '']));
    return { lines, expected: expected.map(empty) };
  }

  async function* oneChunk(text: string) {
    yield Buffer.from(text);
  }

  it('are the same as the answers of the API, whatever is recorded about an address', async () => {
    const news = 'product-news:email';
    for (const person of ['anna', 'bob', 'carol', 'dora']) await saysYes(`${person}@example.org`, news);
    await saysYes('emil@example.org', 'event-invitations:email');
    await signUp(test.app, 'flora@example.org', [news]);
    await fillsInACard('greta@example.org');
    await isUsed('bob@example.org', 1);
    await isUsed('carol@example.org', 30);
    test.pass({ days: 1 });
    await saysYes('hans@example.org', news);
    await saysYes('ina@example.org', news);
    await withdraws('hans@example.org');
    for (const person of ['dora', 'nobody']) await blocked(`${person}@example.org`, 'objection');
    await blocked('ina@example.org', 'not_me');
    const people = [
      'anna',
      'bob',
      'carol',
      'dora',
      'emil',
      'flora',
      'greta',
      'hans',
      'ina',
      'nobody',
      'stranger',
    ];
    const addresses = [...people.map((person) => `${person}@example.org`), 'no address', 'anna@example.org'];
    const reasons = new Set<string | undefined>();
    for (const days of [0, 1, 700, 40]) {
      test.pass({ days });
      for (const purpose of ['product-news', 'event-invitations', 'partner-offers', 'no-such-purpose']) {
        for (const jurisdiction of [undefined, 'DE', 'AT'] as const) {
          const question = { purpose, channel: 'email', audience: 'consumer', jurisdiction } as const;
          const { lines, expected } = await bothOf(question, addresses);
          expect(lines).toEqual(expected);
          for (const { reason } of lines) reasons.add(reason);
        }
      }
    }
    expect([...reasons]).toEqual(
      expect.arrayContaining([
        'consent_active',
        'withdrawn',
        'suppressed_objection',
        'no_permission',
        'unused_too_long',
      ]),
    );
    expect([...reasons]).toEqual(
      expect.arrayContaining([
        'no_permission_for_purpose',
        'invalid_contact_point',
        'pending_confirmation',
        'frequency_reached',
        'unknown_purpose',
      ]),
    );
  });

  it('respect a withdrawal that was answered before they were read', async () => {
    const question = {
      purpose: 'product-news',
      channel: 'email',
      audience: 'consumer',
      jurisdiction: 'DE',
    } as const;
    await saysYes('anna@example.org', 'product-news:email');
    async function* withdrawnInBetween() {
      yield Buffer.from('contact_point\n');
      await withdraws('anna@example.org');
      yield Buffer.from('anna@example.org\n');
    }
    let text = '';
    for await (const { bytes } of scrub(test.app, question, 'csv', withdrawnInBetween())) text += bytes;
    expect(text).toContain('anna@example.org,false,withdrawn');
  });
});

import { readFileSync } from 'node:fs';
import ajv from 'ajv-draft-04';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EventKind } from '#db/schema/events.ts';
import type { Basis, PermissionState } from '#db/schema/vocabulary.ts';
import { findOwner } from '#src/people/find-owner.ts';
import { withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { kantaraReceipt } from '#src/receipts/kantara.ts';
import { receiptDocument } from '#src/receipts/receipt-document.ts';
import { type ReceiptFacts, readReceiptFacts } from '#src/receipts/receipt-facts.ts';
import { aMember } from '#tests/staff/desk.ts';
import { signUp } from '#tests/support/app.ts';
import { shapeFaultsOf, unknownTermsIn } from '#tests/support/check-rdf.ts';
import { databases } from '#tests/support/databases.ts';
import { anna, openReceiptTest, type ReceiptTest } from '#tests/support/receipts.ts';

const issuer = 'https://consent.example.org';

describe.each(databases)('a receipt on %s', (name) => {
  let test: ReceiptTest;
  beforeEach(async () => {
    test = await openReceiptTest(name);
  });
  afterEach(() => test.close());

  const record = async (of: string) => {
    const document = JSON.parse(String(await test.receipt('json', of)));
    expect(await shapeFaultsOf(document)).toEqual([]);
    expect(await unknownTermsIn(document)).toEqual([]);
    return document['dpv:hasRecordOfActivity'];
  };

  it('says what was agreed to, in which words, since when and how', async () => {
    const said = await record('partner-offers:email');
    const words = await test.app.db
      .selectFrom('consent_text_versions')
      .select('wording')
      .where('wording', 'like', '%Beispiel Versicherung AG, Köln, geben%')
      .executeTakeFirstOrThrow();
    expect(said).toMatchObject({
      '@type': 'dpv:ConsentRecord',
      state: 'granted',
      currentStatus: 'dpv:ConsentGiven',
      'dpv:hasDataController': { 'dpv:hasName': 'Muster Werkzeuge GmbH' },
      'dpv:hasProcess': {
        'dpv:hasPersonalData': { 'dct:identifier': anna },
        'dpv:hasRecipient': [{}, { 'dpv:hasName': 'Beispiel Versicherung AG', 'dpv:hasAddress': 'Köln' }],
      },
    });
    expect(said['dpv:hasNotice'][0]).toMatchObject({
      'dct:identifier': 'partner-offers/email/de@1.0',
      'schema:text': words.wording,
    });
    expect(said['dpv:hasConsentStatus'].map((event: { '@type': unknown }) => event['@type'])).toEqual([
      'dpv:ConsentRequested',
      ['dpv:ConsentGiven', 'dpv:ExpressedConsent'],
    ]);
    expect(said['dpv:hasConsentStatus'][1]).toMatchObject({
      'dpv:isIndicatedAtTime': '2026-11-02T09:00:00.000Z',
      'dpv:hasIndicationMethod': 'Bestätigungsseite, durch Sie',
    });
  });

  it('follows a withdrawal and a request that waits', async () => {
    const { app } = test;
    test.pass({ days: 1 });
    await withdrawAtDesk(app, await aMember(app, 'agent'), { contactPoint: anna, how: 'letter' });
    expect(await record('partner-offers:email')).toMatchObject({
      state: 'withdrawn',
      currentStatus: 'dpv:ConsentWithdrawn',
      'dpv:hasConsentStatus': [{}, {}, { '@type': 'dpv:ConsentWithdrawn' }],
    });
    await signUp(app, anna, ['event-invitations:email']);
    expect(await record('event-invitations:email')).toMatchObject({
      state: 'pending',
      currentStatus: 'dpv:ConsentRequested',
    });
  });

  it('has no Kantara form before a consent was given', async () => {
    await signUp(test.app, anna, ['event-invitations:email']);
    await expect(test.receipt('kantara', 'event-invitations:email')).rejects.toThrow('not_found');
  });

  it('comes in the Kantara form too, as its own schema wants it', async () => {
    const { jws: _, ...document } = JSON.parse(String(await test.receipt('kantara')));
    expect(kantaraFaultsOf(document)).toEqual([]);
    expect(document).toMatchObject({
      version: 'KI-CR-v1.1.0',
      jurisdiction: 'DE',
      consentTimestamp: Date.parse('2026-11-02T09:00:00.000Z') / 1000,
      services: [{ purposes: [{ consentType: 'EXPLICIT', thirdPartyName: 'Beispiel Versicherung AG' }] }],
    });
  });
});

describe('the record of', () => {
  let test: ReceiptTest;
  let granted: ReceiptFacts;
  beforeAll(async () => {
    test = await openReceiptTest('sqlite');
    const point = await test.app.db.selectFrom('contact_points').select('id').executeTakeFirstOrThrow();
    const owner = await findOwner(test.app.db, test.app.keys, point.id);
    const id = (await test.permissionId('partner-offers:email')).slice('per_'.length);
    const facts = owner && (await readReceiptFacts(test.app.db, owner.person, id, 'en'));
    if (!facts) throw new Error('no facts');
    granted = facts;
  });
  afterAll(() => test.close());

  const kinds: EventKind[] = [
    'requested',
    'confirmed',
    'refused',
    'cancelled',
    'granted',
    'withdrawn',
    'objected',
    'renewed',
    'expired',
    'superseded',
    'imported',
    'corrected',
  ];
  const states: PermissionState[] = ['none', 'pending', 'granted', 'refused', 'withdrawn', 'expired'];
  const bases: Basis[] = ['consent', 'existing_customer', 'presumed', 'legitimate_interest'];

  /** As if every kind of event had happened on this basis. */
  const documentOf = (basis: Basis, state: PermissionState) => {
    const [event] = granted.events;
    if (!event) throw new Error('no event');
    const events = kinds.map((kind, index) => ({
      ...event,
      basis,
      kind,
      id: event.id.replace(/.{2}$/, String(10 + index)),
    }));
    const ground = basis === 'consent' ? [] : ['You bought a drill. You can object at any time.'];
    const facts = { ...granted, basis, state, ground, events };
    return receiptDocument(facts, { issuer, issuedAt: '2026-12-01T10:00:00.000Z', log: null });
  };

  it.each(bases.flatMap((basis) => states.map((state) => ({ basis, state }))))(
    '$basis, $state has all mandatory fields, in terms that DPV has',
    async ({ basis, state }) => {
      const document = documentOf(basis, state);
      expect(await shapeFaultsOf(document)).toEqual([]);
      expect(await unknownTermsIn(document)).toEqual([]);
    },
  );

  it.each(bases.slice(1))('%s is never called a consent, and names its basis', (basis) => {
    for (const state of states) {
      const { '@context': _, ...document } = documentOf(basis, state);
      const said = JSON.stringify(document).replaceAll(issuer, '');
      expect(said).not.toMatch(/consent/i);
      expect(document).toMatchObject({
        'dpv:hasRecordOfActivity': { 'dpv:hasProcess': { 'dpv:hasLegalBasis': ['eu-gdpr:A6-1-f'] } },
      });
      expect(
        kantaraReceipt(
          { ...granted, basis, events: granted.events.map((one) => ({ ...one, basis })) },
          'x',
          'x',
        ),
      ).toBeUndefined();
    }
  });

  it('words that were declared invalid is not that of a valid consent', () => {
    const text = granted.text && { ...granted.text, invalidatedAt: '2026-11-20T00:00:00.000Z' };
    const document = receiptDocument({ ...granted, text }, { issuer, issuedAt: '', log: null });
    expect(document).toMatchObject({
      'dpv:hasRecordOfActivity': { currentStatus: 'dpv:ConsentInvalidated' },
    });
  });

  it('a consent lacks something as soon as any mandatory field is taken out', async () => {
    const document = documentOf('consent', 'granted');
    const fields: [string[], string][] = [
      ...['dct:conformsTo', 'dct:identifier', 'dct:created'].map((field): [string[], string] => [[], field]),
      ...[
        'dct:conformsTo',
        'dct:identifier',
        'dpv:hasDataSubject',
        'dpv:hasDataController',
        'dpv:hasJurisdiction',
        'dpv:hasApplicableLaw',
        'dpv:hasAuthority',
        'dpv:hasNotice',
        'dpv:hasProcess',
        'dpv:hasConsentControl',
        'dpv:hasRight',
        'dpv:hasConsentStatus',
      ].map((field): [string[], string] => [['dpv:hasRecordOfActivity'], field]),
      ...[
        'dpv:hasPurpose',
        'dpv:hasLegalBasis',
        'dpv:hasPersonalData',
        'dpv:hasProcessing',
        'dpv:hasDataSource',
        'dpv:hasRecipient',
        'dpv:hasStorageCondition',
      ].map((field): [string[], string] => [['dpv:hasRecordOfActivity', 'dpv:hasProcess'], field]),
      ...['dpv:hasName', 'dpv:hasAddress', 'dpv:hasContact', 'dpv:hasIdentifier'].map(
        (field): [string[], string] => [['dpv:hasRecordOfActivity', 'dpv:hasDataController'], field],
      ),
    ];
    for (const [path, field] of fields) {
      const copy = structuredClone(document);
      const place = path.reduce((node, step) => node[step] as Record<string, unknown>, copy);
      expect(place).toHaveProperty([field]);
      delete place[field];
      expect(await shapeFaultsOf(copy), `${path.join(' ')} ${field}`).not.toEqual([]);
    }
  }, 60_000);
});

function kantaraFaultsOf(document: object): unknown[] {
  const file = new URL('./fixtures/kantara-consent-receipt-v1_1-schema.json', import.meta.url);
  const validate = new ajv.default({ strict: false }).compile(JSON.parse(readFileSync(file, 'utf8')));
  return validate(document) ? [] : (validate.errors ?? []);
}

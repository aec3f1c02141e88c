import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyLedger } from '#src/ledger/verify.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { aClient, mailKindsTo, newestToken, permissionsOf, signUp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const scan = '%PDF-1.7 the signed form';
const hash = createHash('sha256').update(scan).digest('hex');
const signed = { signed_at: '2026-11-01', place: 'Messe Hanau', scan_sha256: hash };
const someone = {
  given_name: 'Carol',
  family_name: 'Muster',
  street: 'Weg 1',
  postal_code: '63452',
  city: 'Hanau',
};
const base = {
  audience: 'consumer',
  basis: 'consent',
  captured_at: '2026-11-02T08:00:00Z',
  captured_by: 'agent-7',
  person: someone,
};
const phone = {
  ...base,
  contact_point: '+49 6181 123456',
  channel: 'phone',
  purpose: 'service-calls',
  text_version: 'service-calls/phone/de@1.0',
};
const recorded = {
  ...phone,
  method: 'phone_recorded',
  evidence: {
    number: '+49 6181 123456',
    direction: 'inbound',
    recording_ref: 'r-1',
    recording_sha256: hash,
    recording_consent: true,
  },
};
const mail = {
  ...base,
  contact_point: 'carol@example.org',
  channel: 'email',
  purpose: 'product-news',
  text_version: 'product-news/email/de@1.0',
};
const sale = {
  sale_id: 'S-1',
  sale_date: '2026-10-01',
  product_line: 'drills',
  address_from_customer: true,
  notice_text_version: 'product-news/email/de@1.0',
  notice_shown_at: '2026-10-01T10:00:00Z',
};
const customer = { ...mail, text_version: undefined, basis: 'existing_customer', evidence: sale };
const presumed = {
  ...phone,
  text_version: undefined,
  audience: 'business',
  basis: 'presumed',
  evidence: {
    reason_code: 'concrete_request',
    facts: 'Asked at our stand on 1 November to be called about maintenance.',
    subject_of_call: 'maintenance',
    product_line: 'drills',
  },
};
const letter = {
  ...base,
  contact_point: 'Carol Muster\nWeg 1\n63452 Hanau',
  channel: 'post',
  purpose: 'product-news',
  basis: 'legitimate_interest',
  evidence: { source: 'trade register', balancing: 'Own customers, own goods, once a year.' },
};

describe.each(databases)('POST /api/v1/consents on %s', (name) => {
  let test: TestApi;
  beforeEach(async () => {
    test = await openTestApi(name);
    await test.call('/evidence-files', scan, { 'Content-Type': 'application/pdf' });
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  const usable = (reason: string) => ({ usable: true, reason, state: 'granted' });
  const unusable = (reason: string) => ({ usable: false, reason });

  it.each([
    ['a recorded call', recorded, { ...usable('consent_active'), evidence_grade: 'B' }],
    [
      'a call without its recording',
      { ...recorded, evidence: { direction: 'inbound', recording_consent: true } },
      { ...unusable('evidence_incomplete'), missing: expect.arrayContaining(['recording_sha256']) },
    ],
    [
      'a call without name and address',
      { ...recorded, person: {} },
      { ...unusable('evidence_incomplete'), missing: ['person.name', 'person.address'] },
    ],
    ['a signed form about calls', { ...phone, method: 'paper', evidence: signed }, usable('consent_active')],
    [
      'a signed form whose scan is still to come',
      { ...phone, method: 'paper', evidence: { ...signed, scan_sha256: undefined } },
      { ...unusable('evidence_incomplete'), missing: ['scan_sha256'] },
    ],
    [
      'a note of a talk, for a consumer',
      { ...phone, method: 'phone_oral', evidence: { number: '1', direction: 'inbound', place: 'Hanau' } },
      { ...unusable('evidence_incomplete'), evidence_grade: 'C' },
    ],
    [
      'a note of a talk, for a business',
      {
        ...phone,
        audience: 'business',
        method: 'phone_oral',
        evidence: { number: '1', direction: 'inbound', place: 'Hanau' },
      },
      usable('presumed_consent'),
    ],
    [
      'keys pressed in a call',
      {
        ...phone,
        method: 'dtmf',
        evidence: { number: '1', ivr_script: 'v3', call_log_ref: 'c', keys: '1#' },
      },
      usable('consent_active'),
    ],
    ['an order with its notice', customer, usable('existing_customer')],
    ['a concrete reason to call a business', presumed, usable('presumed_consent')],
    ['a reason to write letters', letter, usable('legitimate_interest')],
    [
      'a proof from another system, for a mailbox that it never asked',
      { ...mail, method: 'import', evidence: { source: 'old CRM', proof_ref: 'p-1' } },
      unusable('channel_not_verified'),
    ],
    [
      'a proof from another system that had asked',
      {
        ...mail,
        method: 'import',
        evidence: { source: 'old CRM', proof_ref: 'p-1', confirmed_at: '2026-11-02' },
      },
      usable('consent_active'),
    ],
  ])('takes %s for what it is', async (_, capture, expected) => {
    const { status, body } = await test.call('/consents', capture);
    expect(status, JSON.stringify(body)).toBe(201);
    expect(body).toMatchObject(expected);
  });

  it('asks a mailbox that was written on a card, and waits for its owner', async () => {
    const { app, call } = test;
    const postcard = { ...mail, method: 'postcard', evidence: signed };
    const { status, body } = await call('/consents', postcard);
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: 'pending', usable: false, reason: 'pending_confirmation' });
    expect(await mailKindsTo(app, 'carol@example.org')).toEqual(['confirm-signup']);
    await confirmSignup(app, await newestToken(app, 'carol@example.org'), aClient);
    expect(await permissionsOf(app, 'carol@example.org')).toEqual({ 'product-news:email': 'granted' });
    const question = { purpose: 'product-news', channel: 'email', contact_points: ['carol@example.org'] };
    expect((await call('/decisions', question)).body).toMatchObject({ decisions: [{ allowed: true }] });
  });

  it('tells a person whose mailbox is known, and whoever gave theirs with an order', async () => {
    const { app, call } = test;
    await signUp(app, 'carol@example.org', ['service-calls:phone'], 'fair', { phone: phone.contact_point });
    await confirmSignup(app, await newestToken(app, 'carol@example.org'), aClient);
    expect((await call('/consents', recorded)).body).toMatchObject({ notified: true });
    expect((await mailKindsTo(app, 'carol@example.org')).at(-1)).toBe('permissions-changed');
    const dave = { ...customer, contact_point: 'dave@example.org' };
    expect((await call('/consents', dave)).body).toMatchObject({ notified: true });
    expect(await mailKindsTo(app, 'dave@example.org')).toEqual(['permissions-changed']);
  });

  it('does not let an older paper undo a no', async () => {
    const { call, pass } = test;
    const paper = { ...phone, method: 'paper', evidence: signed };
    await call('/consents', paper);
    pass({ hours: 1 });
    await call('/withdrawals', { contact_point: phone.contact_point, how: 'telephone' });
    expect(await call('/consents', paper)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/captured_at', code: 'withdrawn_since' }] },
    });
    pass({ hours: 1 });
    const later = { ...paper, captured_at: test.app.now().toISOString() };
    expect((await call('/consents', later)).body).toMatchObject({ usable: true });
  });

  it.each([
    [
      'a call that we made',
      { ...recorded, evidence: { ...recorded.evidence, direction: 'outbound' } },
      '/evidence/direction',
    ],
    [
      'a recording without consent to it',
      { ...recorded, evidence: { ...recorded.evidence, recording_consent: false } },
      '/evidence/recording_consent',
    ],
    [
      'an order by telephone only',
      { ...customer, ...{ contact_point: phone.contact_point, channel: 'phone', purpose: 'service-calls' } },
      '/basis',
    ],
    [
      'an order without its notice',
      { ...customer, evidence: { ...sale, notice_shown_at: undefined } },
      '/evidence/notice_shown_at',
    ],
    ['a presumed consent of a consumer', { ...presumed, audience: 'consumer' }, '/basis'],
    [
      'a reason in a few words',
      { ...presumed, evidence: { ...presumed.evidence, facts: 'wants it' } },
      '/evidence/facts',
    ],
    [
      'an interest in calling',
      { ...letter, channel: 'phone', contact_point: phone.contact_point, purpose: 'service-calls' },
      '/basis',
    ],
    [
      'an import without proof',
      { ...mail, method: 'import', evidence: { source: 'old CRM' } },
      '/evidence/proof_ref',
    ],
    ['a day to come', { ...recorded, captured_at: '2027-01-01T00:00:00Z' }, '/captured_at'],
    [
      'a signature of tomorrow',
      { ...phone, method: 'paper', evidence: { ...signed, signed_at: '2026-12-24' } },
      '/evidence/signed_at',
    ],
    ['words that never were', { ...recorded, text_version: 'service-calls/phone/de@9.0' }, '/text_version'],
    [
      'words about something else',
      { ...recorded, text_version: 'product-news/email/de@1.0' },
      '/text_version',
    ],
    ['no words at all', { ...recorded, text_version: undefined }, '/text_version'],
    ['a purpose without that channel', { ...recorded, purpose: 'partner-offers' }, '/channel'],
    ['a purpose that is none', { ...recorded, purpose: 'nothing' }, '/purpose'],
    ['an address that is none', { ...recorded, contact_point: 'call me' }, '/contact_point'],
    ['a method that is none', { ...recorded, method: 'telepathy' }, '/method'],
    ['a basis that is none', { ...recorded, basis: 'hope' }, '/basis'],
  ])('refuses %s, and writes nothing', async (_, capture, pointer) => {
    const { status, body } = await test.call('/consents', capture);
    expect(status, JSON.stringify(body)).toBe(422);
    expect((body.errors as { pointer: string }[]).map((error) => error.pointer)).toContain(pointer);
    expect(await test.app.db.selectFrom('contact_points').select('id').execute()).toEqual([]);
  });

  it('calls missing what is missing, a date as well', async () => {
    const { sale_id, product_line } = sale;
    const { body } = await test.call('/consents', { ...customer, evidence: { sale_id, product_line } });
    expect(new Set((body.errors as { code: string }[]).map(({ code }) => code))).toEqual(
      new Set(['missing']),
    );
    expect((body.errors as { pointer: string }[]).map(({ pointer }) => pointer)).toContain(
      '/evidence/sale_date',
    );
  });

  it('refuses words that were not yet in use', async () => {
    const { app, call } = test;
    await app.db.updateTable('consent_text_versions').set({ live_from: null }).execute();
    expect(await call('/consents', recorded)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/text_version', code: 'never_live' }] },
    });
  });
});

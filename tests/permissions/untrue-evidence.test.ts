/** Evidence that can't be true makes no permission usable, through whichever door it comes. */
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyLedger } from '#src/ledger/verify.ts';
import { type Capture, captureSchema } from '#src/permissions/capture.ts';
import { captureAtDesk } from '#src/permissions/capture-at-desk.ts';
import { findImplausible } from '#src/permissions/find-implausible.ts';
import { weighAllOldCaptures } from '#src/permissions/weigh-old-captures.ts';
import { aMember } from '#tests/staff/desk.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { mailKindsTo } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const imported = {
  channel: 'email',
  purpose: 'product-news',
  basis: 'consent',
  text_version: 'product-news/email/de@1.0',
  method: 'import',
  captured_by: 'Move 2026',
};
const fileOf = (name: string) => readFile(new URL(`../exchange/files/${name}.csv`, import.meta.url), 'utf8');

describe.each(databases)('evidence that cannot be true on %s', (name) => {
  let test: TestApi;
  beforeEach(async () => {
    test = await openTestApi(name);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  const send = (file: string, query = '') =>
    test.call(`/imports${query}`, file, { 'Content-Type': 'text/csv' });
  const decide = async (contact_point: string, more: object = {}) => {
    const question = { purpose: 'product-news', channel: 'email', contact_points: [contact_point], ...more };
    const { body } = await test.call('/decisions', question);
    return (body.decisions as Record<string, unknown>[])[0];
  };
  const capture = (who: string, captured_at: string, confirmed_at?: string) =>
    test.call('/consents', {
      ...imported,
      contact_point: `${who}@example.org`,
      captured_at,
      evidence: { source: 'old', proof_ref: 'W', ...(confirmed_at && { confirmed_at }) },
    });

  it('is refused in a file, at the column that says so', async () => {
    const file = await fileOf('consents-older-than-words');
    const { body } = await send(file, '?dry_run=1');
    expect(body).toMatchObject({ rows: 3, usable: 1, refused: 2 });
    expect(body.lines).toEqual([
      { line: 2, outcome: 'refused', why: expect.stringMatching(/^captured_at: /) },
      { line: 3, outcome: 'refused', why: expect.stringMatching(/^captured_at: /) },
    ]);
    const lines = file.trimEnd().split('\n');
    const backwards = [lines[0], lines[3]?.replace('2026-01-01T00:03:00Z', '2025-12-30T00:00:00Z')].join(
      '\n',
    );
    expect(await send(backwards, '?dry_run=1')).toMatchObject({
      body: { lines: [{ line: 2, outcome: 'refused', why: expect.stringContaining('confirmed_at') }] },
    });
  });

  it('is refused by POST /consents, with its pointer', async () => {
    const refused = { status: 422, body: { errors: [{ pointer: '/captured_at', code: 'before_text' }] } };
    expect(await capture('nora', '2025-12-31T23:59:59Z', '2026-01-01T08:00:00Z')).toMatchObject(refused);
    expect(await capture('otto', '2001-03-02T10:00:00Z', '2001-03-02T10:04:00Z')).toMatchObject(refused);
    expect(await capture('paula', '2026-01-01T00:00:00Z', '2026-01-01T00:03:00Z')).toMatchObject({
      status: 201,
      body: { usable: true, evidence_grade: 'claimed', reason: 'consent_active' },
    });
    expect(await capture('quirin', '2026-03-02T10:00:00Z', '2026-03-01T10:00:00Z')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/evidence/confirmed_at', code: 'before_asked' }] },
    });
    expect((await capture('rosa', '2027-03-02T10:00:00Z')).status).toBe(422);
  });

  it('is refused once the words are retired and no form shows them any more', async () => {
    const retired_at = '2026-06-01T00:00:00.000Z';
    await test.app.db.updateTable('consent_text_versions').set({ retired_at }).execute();
    expect((await capture('nora', '2026-06-07T00:00:00Z')).status).toBe(201);
    expect(await capture('otto', '2026-06-08T00:00:01Z')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/captured_at', code: 'after_text' }] },
    });
  });

  it('is refused at the desk, where what was signed is as old as its words at most', async () => {
    const paper = captureSchema.parse({
      contact_point: 'Beispielweg 7, 12345 Musterstadt',
      channel: 'post',
      purpose: 'product-news',
      basis: 'consent',
      text_version: 'product-news/post/de@1.0',
      method: 'paper',
      captured_at: '2025-12-30',
      captured_by: 'AB',
      evidence: { signed_at: '2025-12-30', place: 'Ulm' },
    }) as Capture;
    const agent = await aMember(test.app, 'agent');
    expect(await captureAtDesk(test.app, agent, paper)).toMatchObject({
      outcome: 'refused',
      faults: [
        { field: 'captured_at', code: 'before_text' },
        { field: 'evidence/signed_at', code: 'before_text' },
      ],
    });
    const day = {
      ...paper,
      captured_at: '2026-01-01T00:00:00.000Z',
      evidence: { ...paper.evidence, signed_at: '2026-01-01T00:00:00.000Z' },
    };
    expect(await captureAtDesk(test.app, agent, day)).toMatchObject({ outcome: 'captured' });
  });

  it('makes nothing usable that is in the database already, and is listed', async () => {
    const { app } = test;
    await capture('nora', '2026-03-02T10:00:00Z', '2026-03-02T10:05:00Z');
    await capture('otto', '2026-03-02T10:00:00Z', '2026-03-02T10:05:00Z');
    expect(await findImplausible(app.db)).toEqual([]);
    expect(await decide('nora@example.org')).toMatchObject({ reason: 'consent_active', flags: ['claimed'] });
    // As if the words had been put to use later than people are said to have agreed to them.
    await app.db
      .updateTable('consent_text_versions')
      .set({ live_from: '2026-04-01T00:00:00.000Z' })
      .execute();
    expect(await decide('nora@example.org')).toMatchObject({
      allowed: false,
      reason: 'evidence_incomplete',
      missing: ['captured_before_text'],
      flags: ['claimed'],
    });
    expect(await findImplausible(app.db)).toMatchObject([{ kind: 'implausible' }, { kind: 'implausible' }]);
    // Captured by an older release, which kept neither: it is read once more.
    await app.db.updateTable('grounds').set({ weighed: 0, audience: null }).execute();
    await weighAllOldCaptures(app);
    const grounds = await app.db.selectFrom('grounds').select(['audience', 'weighed']).execute();
    expect(grounds).toEqual(Array(2).fill({ audience: 'consumer', weighed: 1 }));
  });

  it('calls what another system confirmed by its name, and takes its mailbox for theirs', async () => {
    const { app } = test;
    expect(await send(await fileOf('claimed-confirmation'))).toMatchObject({ body: { usable: 1 } });
    const quirin = 'quirin.muster@example.org';
    expect(await decide(quirin)).toMatchObject({ reason: 'consent_active', flags: ['claimed'] });
    const { body } = await test.call('/permissions/lookup', { contact_point: quirin });
    expect(JSON.stringify(body)).toContain('"evidence_grade":"claimed"');
    await app.db.updateTable('controllers').set({ refuses_claimed: 1 }).execute();
    expect(await decide(quirin)).toMatchObject({ allowed: false, reason: 'channel_not_verified' });
    await app.db.updateTable('controllers').set({ refuses_claimed: 0 }).execute();
    const no = await test.call('/withdrawals', { contact_point: quirin, how: 'telephone' });
    expect(no.body).toMatchObject({ notified: true, letter: false });
    expect(await mailKindsTo(app, quirin)).toEqual(['permissions-changed']);
  });

  it('lets no question make a business of a consumer', async () => {
    const oral = {
      contact_point: '+49 6181 123456',
      channel: 'phone',
      purpose: 'service-calls',
      basis: 'consent',
      text_version: 'service-calls/phone/de@1.0',
      method: 'phone_oral',
      captured_at: '2026-10-01T10:00:00Z',
      captured_by: 'AB',
      person: { given_name: 'Anna', family_name: 'B', street: 'Weg 1', postal_code: '12345', city: 'Ulm' },
      evidence: { number: '+49 6181 123456', direction: 'inbound', place: 'Ulm' },
    };
    const asked = { purpose: 'service-calls', channel: 'phone', audience: 'business' };
    expect((await test.call('/consents', oral)).body).toMatchObject({ usable: false });
    expect(await decide(oral.contact_point, asked)).toMatchObject({
      allowed: false,
      reason: 'evidence_incomplete',
    });
    const stream = await test.call(
      '/decisions/stream?purpose=service-calls&channel=phone&audience=business',
      `contact_point\n${oral.contact_point}\n`,
      { 'Content-Type': 'text/csv' },
    );
    expect(String(stream.body.text)).toContain('evidence_incomplete');
    const business = { ...oral, contact_point: '+49 6181 654321', audience: 'business' };
    expect((await test.call('/consents', business)).body).toMatchObject({ usable: true });
    expect(await decide(business.contact_point, asked)).toMatchObject({ reason: 'presumed_consent' });
    expect(await decide(business.contact_point, { ...asked, audience: 'consumer' })).toMatchObject({
      allowed: false,
    });
  });
});

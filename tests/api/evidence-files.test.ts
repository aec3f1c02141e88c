import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeKey } from '#src/exchange/manage-keys.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { attachScan } from '#src/permissions/attach-scan.ts';
import { deleteUnclaimedFiles } from '#src/permissions/evidence-files.ts';
import { findImplausible } from '#src/permissions/find-implausible.ts';
import { findScan } from '#src/permissions/look-up-scan.ts';
import { readScan } from '#src/permissions/scan.ts';
import { aMember } from '#tests/staff/desk.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { databases } from '#tests/support/databases.ts';

const form = Buffer.from('%PDF-1.7 the signed form');
const wave = Buffer.concat([Buffer.from('RIFF0000WAVEfmt '), Buffer.alloc(64, 7)]);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const someone = {
  given_name: 'Carol',
  family_name: 'M',
  street: 'Weg 1',
  postal_code: '63452',
  city: 'Hanau',
};
const phone = {
  contact_point: '+49 6181 123456',
  channel: 'phone',
  purpose: 'service-calls',
  text_version: 'service-calls/phone/de@1.0',
  basis: 'consent',
  captured_at: '2026-11-02T08:00:00Z',
  captured_by: 'agent-7',
  person: someone,
};
const paper = {
  ...phone,
  method: 'paper',
  evidence: { signed_at: '2026-11-01', place: 'Hanau', scan_sha256: sha256(form) },
};
const recorded = {
  ...phone,
  method: 'phone_recorded',
  evidence: {
    number: '+49 6181 123456',
    direction: 'inbound',
    recording_ref: 'pbx/4711',
    recording_sha256: sha256(wave),
    recording_consent: true,
  },
};

describe.each(databases)('POST /api/v1/evidence-files on %s', (name) => {
  let test: TestApi;
  beforeEach(async () => {
    test = await openTestApi(name);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  async function handIn(bytes: Uint8Array, headers: Record<string, string> = {}) {
    const response = await fetch(`${test.url}/api/v1/evidence-files`, {
      method: 'POST',
      headers: { Authorization: 'Bearer jw_demo_key', ...headers },
      body: Buffer.from(bytes),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
  const decide = async (contact_point = phone.contact_point) => {
    const question = { purpose: 'service-calls', channel: 'phone', contact_points: [contact_point] };
    const { body } = await test.call('/decisions', question);
    return (body.decisions as Record<string, unknown>[])[0];
  };

  it('lets a made-up scan make nothing usable, until the file is here', async () => {
    const { app } = test;
    expect((await test.call('/consents', paper)).body).toMatchObject({
      usable: false,
      reason: 'evidence_incomplete',
      missing: ['scan_file'],
    });
    expect(await findImplausible(app.db)).toMatchObject([{ message: expect.stringContaining('not stored') }]);
    expect((await handIn(Buffer.from('%PDF-1.7 another'))).status).toBe(201);
    expect(await decide()).toMatchObject({ allowed: false });
    expect(await handIn(form, { 'Content-Type': 'application/octet-stream' })).toEqual({
      status: 201,
      body: { sha256: sha256(form), type: 'application/pdf', size: form.length },
    });
    expect(await decide()).toMatchObject({ allowed: true, reason: 'consent_active', flags: [] });
    expect(await findImplausible(app.db)).toEqual([]);
    expect((await handIn(form)).status).toBe(201);
    expect(await files()).toHaveLength(2);
  });

  it('takes the file before the capture, and for everybody who signed on the same sheet', async () => {
    expect((await handIn(form)).status).toBe(201);
    const other = { ...paper, contact_point: '+49 6181 654321' };
    for (const capture of [
      paper,
      other,
      { ...paper, purpose: 'event-invitations', text_version: 'event-invitations/phone/de@1.0' },
    ]) {
      expect((await test.call('/consents', capture)).body).toMatchObject({ usable: true });
    }
    const kept = await files();
    expect(kept.map(({ person_id }) => person_id !== null)).toEqual([true, true]);
    expect(JSON.stringify(kept)).not.toContain(form.toString('base64'));
  });

  it('says of a recording kept elsewhere that it is, until the file is here', async () => {
    expect((await test.call('/consents', recorded)).body).toMatchObject({ usable: true });
    expect(await decide()).toMatchObject({ allowed: true, flags: ['evidence_elsewhere'] });
    await handIn(wave);
    expect(await decide()).toMatchObject({ allowed: true, flags: [] });
  });

  it('takes the file at the desk as well, under that SHA-256 alone', async () => {
    const { app } = test;
    await test.call('/consents', recorded);
    const agent = await aMember(app, 'agent');
    const { id } = await app.db.selectFrom('contact_points').select('id').executeTakeFirstOrThrow();
    const [file, wrong] = [readScan(wave), readScan(form)];
    if (typeof file !== 'object' || typeof wrong !== 'object') throw new Error('not read');
    expect(await attachScan(app, agent, id, file.sha256, wrong)).toBe('other_file');
    expect(await attachScan(app, agent, id, file.sha256, file)).toBe('attached');
    expect(await attachScan(app, agent, id, file.sha256, file)).toBe('kept_already');
    expect(await decide()).toMatchObject({ flags: [] });
    expect(await findScan(app, agent, id, file.sha256)).toMatchObject({
      type: 'audio/wav',
      sha256: file.sha256,
    });
  });

  it('reads what it is from its bytes, and takes nothing else', async () => {
    const tiff = Buffer.concat([Buffer.from('II*\0'), Buffer.alloc(8)]);
    const known = {
      'image/tiff': tiff,
      'audio/wav': wave,
      'audio/ogg': Buffer.from('OggS....'),
      'audio/mpeg': Buffer.from('ID3....'),
    };
    for (const [type, bytes] of Object.entries(known)) {
      expect(await handIn(bytes, { 'Content-Type': 'text/plain' })).toMatchObject({
        status: 201,
        body: { type },
      });
    }
    for (const bytes of [
      Buffer.from('<svg onload=alert(1)>'),
      Buffer.from('RIFF0000AVI '),
      Buffer.from('x'),
    ]) {
      expect(await handIn(bytes, { 'Content-Type': 'application/pdf' })).toMatchObject({
        status: 422,
        body: { errors: [{ code: 'unknown_type' }] },
      });
    }
    const made = await makeKey(test.app, null, { name: 'reader', scopes: ['read', 'decide'] });
    const key = made.outcome === 'made' ? made.key : '';
    expect((await handIn(form, { Authorization: `Bearer ${key}` })).status).toBe(403);
  });

  it('takes 25 MB and no byte more, and forgets what nobody named', async () => {
    const big = Buffer.alloc(25 * 1024 * 1024, 1);
    form.copy(big);
    expect((await handIn(big)).status).toBe(201);
    expect((await handIn(Buffer.concat([big, Buffer.from('1')]))).status).toBe(413);
    expect(await deleteUnclaimedFiles(test.app)).toBe(0);
    test.pass({ days: 31 });
    expect(await deleteUnclaimedFiles(test.app)).toBe(1);
    expect(await files()).toEqual([]);
  });

  it('keeps one of two handed in at once', async () => {
    await test.call('/consents', paper);
    const answers = await Promise.all([handIn(form), handIn(form), handIn(wave), handIn(wave)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(await files()).toHaveLength(2);
  });

  function files() {
    return test.app.db.selectFrom('evidence_files').selectAll().execute();
  }
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyLedger } from '#src/ledger/verify.ts';
import { type Capture, captureSchema } from '#src/permissions/capture.ts';
import { captureAtDesk } from '#src/permissions/capture-at-desk.ts';
import { lookUpAddress } from '#src/permissions/look-up-address.ts';
import { findAtDesk } from '#src/permissions/look-up-person.ts';
import { findScan } from '#src/permissions/look-up-scan.ts';
import { loadUsedTexts } from '#src/permissions/look-up-texts.ts';
import { readScan } from '#src/permissions/scan.ts';
import { withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import type { Actor } from '#src/staff/actor.ts';
import { addStaff } from '#src/staff/add-staff.ts';
import type { Role } from '#src/staff/roles.ts';
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
import { withoutIds } from '#tests/support/secrets.ts';

const carol = 'carol@example.org';
const number = '+49 6181 123456';

const called: Capture = captureSchema.parse({
  contact_point: number,
  channel: 'phone',
  purpose: 'service-calls',
  basis: 'consent',
  text_version: 'service-calls/phone/de@1.0',
  method: 'phone_recorded',
  captured_at: '2026-11-02T08:00:00Z',
  captured_by: 'Ari Agent',
  evidence: { number, direction: 'inbound', recording_consent: true, recording_ref: 'R-1' },
});
const scan = readScan(Buffer.from('%PDF-1.7 signed'));
const postcard: Capture = captureSchema.parse({
  ...called,
  contact_point: carol,
  channel: 'email',
  purpose: 'product-news',
  text_version: 'product-news/email/de@1.0',
  method: 'postcard',
  evidence: {
    signed_at: '2026-11-01',
    place: 'Hanau',
    scan_sha256: typeof scan === 'object' ? scan.sha256 : '',
  },
});

describe.each(databases)("the agent's desk on %s", (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  const audit = () =>
    test.app.db.selectFrom('audit_entries').select(['act', 'subject', 'details']).orderBy('id').execute();

  async function carolIsIn(): Promise<string> {
    await signUp(test.app, carol, ['product-news:email', 'service-calls:phone'], 'fair', { phone: number });
    await confirmSignup(test.app, await newestToken(test.app, carol), aClient);
    const result = await lookUpAddress(test.app, agent, carol, 'email');
    return result.outcome === 'found' ? (result.contactPointIds[0] ?? '') : '';
  }

  it('finds whoever has exactly this address, and keeps who asked but not for what', async () => {
    const id = await carolIsIn();
    expect(await lookUpAddress(test.app, agent, 'nobody@example.org', 'email')).toEqual({
      outcome: 'unknown',
      blocks: [],
      candidateIds: [],
    });
    expect(await lookUpAddress(test.app, agent, 'no address', 'email')).toEqual({ outcome: 'invalid' });
    const entries = await audit();
    expect(entries.map(({ act, subject }) => [act, subject])).toEqual([
      ['permissions.looked_up', `contact-point:${id}`],
      ['permissions.looked_up', 'contact-point:unknown'],
    ]);
    expect(JSON.stringify(entries)).not.toContain('example.org');
  });

  it('shows the matrix, where each address is from, and the timeline', async () => {
    const person = await findAtDesk(test.app, auditor, await carolIsIn(), 'de');
    expect(person?.notifiedAt).toBe(carol);
    expect(person?.contactPoints.map(({ channel, source }) => [channel, source])).toEqual([
      ['email', 'form:fair'],
      ['phone', 'form:fair'],
    ]);
    const states = Object.fromEntries(
      (person?.cells ?? []).map((cell) => [`${cell.purpose}:${cell.channel}`, cell.state]),
    );
    expect(states).toMatchObject({ 'product-news:email': 'granted', 'event-invitations:email': 'none' });
    expect(person?.events.map(({ kind }) => kind)).toContain('confirmed');
  });

  it('does not know an id that is none, nor the mailbox of a colleague', async () => {
    expect(await findAtDesk(test.app, agent, 'nothing', 'de')).toBeUndefined();
    const colleague = { email: 'mara@example.org', name: 'Mara', role: 'marketing', locale: null } as const;
    await test.app.db.transaction().execute((tx) => addStaff(tx, test.app, colleague, null));
    const point = await test.app.db.selectFrom('contact_points').select('id').executeTakeFirstOrThrow();
    expect(await findAtDesk(test.app, agent, point.id, 'de')).toBeUndefined();
  });

  it('withdraws one thing or everything, tells the person and says who did it', async () => {
    const id = await carolIsIn();
    const one = {
      contactPoint: carol,
      purpose: 'service-calls',
      channel: 'phone',
      how: 'telephone',
    } as const;
    await withdrawAtDesk(test.app, agent, one);
    expect(await permissionsOf(test.app, carol)).toEqual({
      'product-news:email': 'granted',
      'service-calls:phone': 'withdrawn',
    });
    expect((await mailKindsTo(test.app, carol)).at(-1)).toBe('permissions-changed');
    await withdrawAtDesk(test.app, agent, { contactPoint: carol, how: 'letter' });
    expect(new Set(Object.values(await permissionsOf(test.app, carol)))).toEqual(new Set(['withdrawn']));
    const person = await findAtDesk(test.app, agent, id, 'de');
    expect(person?.events[0]).toMatchObject({ origin: 'staff', noted: [['how', 'letter']] });
    expect((await audit()).filter(({ act }) => act === 'permissions.withdrawn')).toHaveLength(2);
  });

  it('takes down a call with what is still missing of its evidence', async () => {
    const result = await captureAtDesk(test.app, agent, called);
    expect(result).toMatchObject({ outcome: 'captured', state: 'granted', missing: ['recording_sha256'] });
    const [entry] = await audit();
    expect(entry).toMatchObject({ act: 'permissions.captured' });
    expect(withoutIds(entry)).not.toContain('6181');
    const id = result.outcome === 'captured' ? result.contactPointId : '';
    const person = await findAtDesk(test.app, agent, id, 'de');
    expect(person?.notifiedAt).toBeNull();
    expect(person?.events[0]?.noted).toContainEqual(['recording_ref', 'R-1']);
  });

  it('asks the mailbox on a postcard, keeps the scan unreadable, and confirms for nobody', async () => {
    if (typeof scan !== 'object') throw new Error('no scan');
    expect(await captureAtDesk(test.app, agent, postcard, { scan })).toMatchObject({
      state: 'pending',
      notifiedBy: 'mail',
    });
    expect(await mailKindsTo(test.app, carol)).toEqual(['confirm-signup']);
    const kept = await test.app.db
      .selectFrom('evidence')
      .select('content_enc')
      .where('kind', '=', 'capture')
      .execute();
    expect(kept).toHaveLength(1);
    expect(Buffer.from(kept[0]?.content_enc ?? '', 'base64url').toString('latin1')).not.toContain('signed');
    const found = await lookUpAddress(test.app, agent, carol, 'email');
    const [id = ''] = found.outcome === 'found' ? found.contactPointIds : [];
    expect((await findScan(test.app, auditor, id, scan.sha256))?.sha256).toBe(scan.sha256);
    expect(await findScan(test.app, auditor, id, 'f'.repeat(64))).toBeUndefined();
  });

  it('keeps nothing of a capture that was refused', async () => {
    const unknown = { ...called, text_version: 'service-calls/phone/de@9.0' };
    expect(await captureAtDesk(test.app, agent, unknown)).toMatchObject({ outcome: 'refused' });
    expect(await audit()).toEqual([]);
    expect(await test.app.db.selectFrom('people').select('id').execute()).toEqual([]);
  });

  it('offers the words that are or were in use', async () => {
    const texts = await loadUsedTexts(test.app.db, test.app.now().toISOString());
    expect(texts.map(({ ref }) => ref)).toContain('service-calls/phone/en@1.0');
    expect(texts.every(({ live }) => live)).toBe(true);
  });

  it.each<[Role, boolean, boolean]>([
    ['admin', true, true],
    ['agent', true, true],
    ['legal', true, false],
    ['auditor', true, false],
    ['marketing', false, false],
  ])('lets %s look up: %s, and change: %s', async (role, reads, changes) => {
    const actor = staff(role);
    const look = lookUpAddress(test.app, actor, carol, 'email');
    await (reads ? expect(look).resolves.toBeDefined() : expect(look).rejects.toThrow('may not'));
    const no = withdrawAtDesk(test.app, actor, { contactPoint: carol, how: 'letter' });
    await (changes ? expect(no).resolves.toBeDefined() : expect(no).rejects.toThrow('may not'));
    const yes = captureAtDesk(test.app, actor, called);
    await (changes ? expect(yes).resolves.toBeDefined() : expect(yes).rejects.toThrow('may not'));
  });
});

describe('readScan', () => {
  it('goes by how a file begins', () => {
    expect(readScan(Buffer.from('%PDF-1.4'))).toMatchObject({ type: 'application/pdf' });
    expect(readScan(Buffer.from([0xff, 0xd8, 0xff, 0xe0]))).toMatchObject({ type: 'image/jpeg' });
    expect(readScan(Buffer.from('<svg onload=alert(1)>'))).toBe('unknown_type');
    expect(readScan(Buffer.alloc(900_001))).toBe('too_large');
  });
});

function staff(role: Role): Actor {
  return { id: `staff-${role}`, email: `${role}@example.org`, name: `A ${role}`, role, locale: null };
}

const agent = staff('agent');
const auditor = staff('auditor');

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { letterDesk } from '#src/letters/list-letters.ts';
import { type Capture, captureSchema } from '#src/permissions/capture.ts';
import { captureAtDesk, revokeCaptureAtDesk } from '#src/permissions/capture-at-desk.ts';
import { findAtDesk } from '#src/permissions/look-up-person.ts';
import { withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import type { Actor } from '#src/staff/actor.ts';
import { aClient, mailKindsTo, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { withoutIds } from '#tests/support/secrets.ts';

const carol = 'carol@example.org';
const wrongNumber = '+49 6181 111111';
const rightNumber = '+49 6181 222222';

const call = (contact_point: string, more: Record<string, unknown> = {}): Capture =>
  captureSchema.parse({
    contact_point,
    channel: 'phone',
    purpose: 'service-calls',
    basis: 'consent',
    text_version: 'service-calls/phone/de@1.0',
    method: 'phone_recorded',
    captured_at: '2026-11-02T08:00:00Z',
    captured_by: 'Ari Agent',
    person: {
      given_name: 'Carol',
      family_name: 'Kurz',
      street: 'Weg 1',
      postal_code: '63452',
      city: 'Hanau',
    },
    evidence: {
      number: contact_point,
      direction: 'inbound',
      recording_consent: true,
      recording_ref: 'R-1',
      recording_sha256: 'ab'.repeat(32),
    },
    ...more,
  });
const why = (eventId: string) => ({ eventId, wrong: 'address', reason: 'Two digits were swapped.' }) as const;

describe.each(databases)('correcting what was taken down, on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  async function captured(capture: Capture, more = {}) {
    const result = await captureAtDesk(test.app, agent, capture, more);
    if (result.outcome !== 'captured') throw new Error(JSON.stringify(result));
    const person = await findAtDesk(test.app, agent, result.contactPointId, 'de');
    return { ...result, person, eventId: person?.events[0]?.id ?? '' };
  }

  async function mayCall(number: string, at?: string) {
    const asked = { channel: 'phone', audience: 'consumer', jurisdiction: 'DE' } as const;
    const [one] = await decideContacts(test.app, test.app.db, { ...asked, purpose: 'service-calls', at }, [
      number,
    ]);
    return one?.decision.reason;
  }

  it('ends the old, keeps it in the history, and takes the new with its own evidence', async () => {
    const { eventId, person: before } = await captured(call(wrongNumber));
    test.pass({ hours: 1 });
    const between = test.app.now().toISOString();
    test.pass({ hours: 1 });
    const after = await captured(call(rightNumber), { correction: why(eventId) });
    expect(after.person?.personId).toBe(before?.personId);
    expect(await mayCall(wrongNumber)).toBe('no_permission_for_channel');
    expect(await mayCall(rightNumber)).toBe('consent_active');
    const { waiting } = await letterDesk(test.app, agent, 'de');
    expect(waiting[0]?.changes).toMatchObject([{ title: 'Anrufe zur Wartung', to: 'granted' }]);
    // What was true of the ledger then stays true.
    expect(await mayCall(wrongNumber, between)).toBe('consent_active');
    expect(after.person?.events.map(({ kind }) => kind)).toEqual(['granted', 'corrected', 'granted']);
    const mended = after.person?.events.find(({ kind }) => kind === 'corrected');
    expect(mended?.noted).toContainEqual(['reason', 'Two digits were swapped.']);
    expect(after.person?.events.map((event) => event.about === 'permission' && event.correctable)).toEqual([
      true,
      false,
      false,
    ]);
    const audit = await test.app.db.selectFrom('audit_entries').select(['act', 'details']).execute();
    expect(audit.map(({ act }) => act)).toContain('permissions.corrected');
    expect(withoutIds(audit)).not.toMatch(/6181|swapped/);
  });

  it('leaves the old as it was where the new is refused', async () => {
    const { eventId } = await captured(call(wrongNumber));
    const never = call(rightNumber, { text_version: 'service-calls/phone/de@9.0' });
    const result = await captureAtDesk(test.app, agent, never, { correction: why(eventId) });
    expect(result).toMatchObject({ outcome: 'refused' });
    expect(await mayCall(wrongNumber)).toBe('consent_active');
  });

  it('mends the name that is on the record of § 7a', async () => {
    const { eventId } = await captured(call(rightNumber));
    const mended = call(rightNumber, {
      person: {
        given_name: 'Karola',
        family_name: 'Kurz',
        street: 'Weg 1',
        postal_code: '63452',
        city: 'Hanau',
      },
    });
    const { person } = await captured(mended, { correction: { ...why(eventId), wrong: 'person' } });
    expect(person?.details.given_name).toBe('Karola');
    expect(await mayCall(rightNumber)).toBe('consent_active');
  });

  it('gives back what held before: a better proof, a no, or nothing', async () => {
    await signUp(test.app, carol, ['service-calls:phone'], 'fair', { phone: rightNumber });
    await confirmSignup(test.app, await newestToken(test.app, carol), aClient);
    const { eventId, permissionId } = await captured(call(rightNumber));
    const grade = async () =>
      (
        await test.app.db
          .selectFrom('permissions')
          .select(['state', 'evidence_grade'])
          .where('id', '=', permissionId)
          .executeTakeFirst()
      )?.evidence_grade;
    expect(await grade()).toBe('B');
    expect(await revokeCaptureAtDesk(test.app, agent, why(eventId))).toEqual({
      outcome: 'taken_back',
      notifiedBy: 'mail',
    });
    expect(await grade()).toBe('D');
    expect(await mayCall(rightNumber)).toBe('channel_not_verified');
    expect(
      (await mailKindsTo(test.app, carol)).filter((kind) => kind === 'permissions-changed'),
    ).toHaveLength(3);
  });

  it('never turns a no into something else', async () => {
    const { eventId } = await captured(call(rightNumber));
    test.pass({ hours: 1 });
    await withdrawAtDesk(test.app, agent, { contactPoint: rightNumber, how: 'telephone' });
    await revokeCaptureAtDesk(test.app, agent, why(eventId));
    expect(await mayCall(rightNumber)).toBe('withdrawn');
  });

  it('ends a card that waits for the wrong mailbox, whose link then confirms nothing', async () => {
    const evidence = { signed_at: '2026-11-01', place: 'Hanau', scan_sha256: 'cd'.repeat(32) };
    const card = (contact_point: string) =>
      captureSchema.parse({
        ...call(contact_point),
        channel: 'email',
        purpose: 'product-news',
        text_version: 'product-news/email/de@1.0',
        method: 'postcard',
        evidence,
      });
    const { eventId } = await captured(card('karol@example.org'));
    const token = await newestToken(test.app, 'karol@example.org');
    const after = await captured(card(carol), { correction: why(eventId) });
    expect(after.state).toBe('pending');
    expect((await confirmSignup(test.app, token, aClient)).outcome).not.toBe('confirmed');
    expect((await confirmSignup(test.app, await newestToken(test.app, carol), aClient)).outcome).toBe(
      'confirmed',
    );
  });

  it('mends once, and only what somebody else wrote down', async () => {
    const { eventId } = await captured(call(rightNumber));
    await revokeCaptureAtDesk(test.app, agent, why(eventId));
    expect(await revokeCaptureAtDesk(test.app, agent, why(eventId))).toEqual({ outcome: 'not_correctable' });
    await signUp(test.app, carol, ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, carol), aClient);
    const own = await test.app.db
      .selectFrom('events')
      .select('id')
      .where('kind', 'in', ['confirmed', 'requested'])
      .execute();
    expect(own).toHaveLength(2);
    for (const { id } of own) {
      expect(await revokeCaptureAtDesk(test.app, agent, why(id))).toEqual({ outcome: 'not_correctable' });
    }
    await expect(revokeCaptureAtDesk(test.app, auditor, why(eventId))).rejects.toThrow('may not');
  });
});

describe.each(databases)('captureAtDesk on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(async () => test.close());

  it('adds a new number to the person whose page it is taken down on, who hears of it by mail', async () => {
    await signUp(test.app, carol, ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, carol), aClient);
    const { id } = await test.app.db.selectFrom('people').select('id').executeTakeFirstOrThrow();
    const result = await captureAtDesk(test.app, agent, call(rightNumber), { personId: id });
    expect(result).toMatchObject({ notifiedBy: 'mail' });
    expect(await test.app.db.selectFrom('people').select('id').execute()).toHaveLength(1);
  });

  it('takes no reason of ours against a no of theirs, however old', async () => {
    const sale = captureSchema.parse({
      contact_point: carol,
      channel: 'email',
      purpose: 'product-news',
      basis: 'existing_customer',
      captured_at: '2026-11-02T08:59:00Z',
      captured_by: 'Ari Agent',
      evidence: {
        sale_id: 'S-1',
        sale_date: '2026-11-01',
        product_line: 'Sägen',
        address_from_customer: true,
        notice_text_version: 'product-news/email/de@1.0',
        notice_shown_at: '2026-11-01',
      },
    });
    await signUp(test.app, carol, ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, carol), aClient);
    await withdrawAtDesk(test.app, agent, { contactPoint: carol, how: 'email' });
    test.pass({ days: 30 });
    const later = { ...sale, captured_at: test.app.now().toISOString() };
    expect(await captureAtDesk(test.app, agent, later)).toMatchObject({
      outcome: 'refused',
      faults: [{ code: 'withdrawn_since' }],
    });
  });
});

const agent: Actor = { id: 'a', email: 'agent@example.org', name: 'Ari Agent', role: 'agent', locale: null };
const auditor: Actor = { ...agent, role: 'auditor' };

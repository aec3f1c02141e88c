import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropLetter, markSent, returnToQueue } from '#src/letters/finish-letters.ts';
import { lettersPdf } from '#src/letters/letter-pdf.ts';
import { letterCounts, letterDesk } from '#src/letters/list-letters.ts';
import { printLetters } from '#src/letters/print-letters.ts';
import { describeRun, lettersTo, printedLetters } from '#src/letters/read-letters.ts';
import { readSignedLink } from '#src/links/signed-link.ts';
import { type Capture, captureSchema } from '#src/permissions/capture.ts';
import { captureAtDesk } from '#src/permissions/capture-at-desk.ts';
import { unsubscribe } from '#src/permissions/unsubscribe.ts';
import { withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import type { Actor } from '#src/staff/actor.ts';
import type { Role } from '#src/staff/roles.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const number = '+49 6181 123456';
const wilma = {
  given_name: 'Wilma',
  family_name: 'Weber',
  street: 'Lindenweg 3',
  postal_code: '63452',
  city: 'Hanau',
};

const call: Capture = captureSchema.parse({
  contact_point: number,
  channel: 'phone',
  purpose: 'service-calls',
  basis: 'consent',
  text_version: 'service-calls/phone/de@1.0',
  method: 'phone_recorded',
  captured_at: '2026-11-02T08:00:00Z',
  captured_by: 'Ari Agent',
  person: wilma,
  evidence: {
    number,
    direction: 'inbound',
    recording_consent: true,
    recording_ref: 'R-1',
    recording_sha256: 'ab'.repeat(32),
  },
});
const card: Capture = captureSchema.parse({
  contact_point: 'Ute Unger\nHauptstr. 5\n8010 Graz\nAT',
  channel: 'post',
  purpose: 'product-news',
  basis: 'consent',
  text_version: 'product-news/post/de@1.0',
  method: 'postcard',
  captured_at: '2026-11-01',
  captured_by: 'Ari Agent',
  evidence: { signed_at: '2026-11-01', place: 'Graz', scan_sha256: 'cd'.repeat(32) },
});

describe.each(databases)('letters on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(async () => test.close());

  const desk = () => letterDesk(test.app, agent, 'de');
  const capture = async (what: Capture) => {
    const result = await captureAtDesk(test.app, agent, what);
    if (result.outcome !== 'captured') throw new Error(JSON.stringify(result));
    return result;
  };
  const print = async () => {
    const result = await printLetters(test.app, agent, 'all');
    if (result.outcome !== 'printed') throw new Error(result.outcome);
    return result.runId;
  };

  it('wait for whoever has no mailbox, one for all that changes until it is printed', async () => {
    const { notifiedBy, contactPointId } = await capture(call);
    expect(notifiedBy).toBe('letter');
    await withdrawAtDesk(test.app, agent, { contactPoint: number, how: 'telephone' });
    const { waiting, counts } = await desk();
    expect(counts).toMatchObject({ waiting: 1, printed: 0 });
    expect(waiting).toMatchObject([
      {
        recipient: ['Wilma Weber', 'Lindenweg 3', '63452 Hanau'],
        changes: [{ title: 'Anrufe zur Wartung', channel: 'phone', to: 'withdrawn' }],
        contactPointId,
      },
    ]);
    const [row] = await test.app.db.selectFrom('letters').select('changes_enc').execute();
    expect(Buffer.from(row?.changes_enc ?? '', 'base64url').toString('latin1')).not.toContain('service');
  });

  it('say what changed, how everything stands, in which words, and where to say no', async () => {
    await capture(call);
    const [letter] = await printedLetters(test.app, agent, { runId: await print() });
    expect(letter).toMatchObject({
      recipient: ['Wilma Weber', 'Lindenweg 3', '63452 Hanau'],
      sender: { name: 'Muster Werkzeuge GmbH' },
      changes: [{ title: 'Anrufe zur Wartung', to: 'granted' }],
      exits: [{ channel: 'phone', address: expect.stringMatching(/^\+49.*•/) }],
    });
    const states = Object.fromEntries(
      (letter?.cells ?? []).map(({ title, channel, state }) => [`${title}:${channel}`, state]),
    );
    expect(states).toMatchObject({
      'Anrufe zur Wartung:phone': 'granted',
      'Neuigkeiten zu Werkzeugen:email': 'none',
    });
    const yes = letter?.cells.find(({ state }) => state === 'granted');
    expect(yes?.wording?.text).toContain('Ja, die Muster Werkzeuge GmbH');
    const link = letter?.exitUrls[0]?.split('/u/')[1] ?? '';
    expect(readSignedLink(test.app.keys, link)?.use).toBe('unsubscribe');
    const { content_enc } = await test.app.db
      .selectFrom('letters')
      .select('content_enc')
      .executeTakeFirstOrThrow();
    expect(content_enc).not.toContain(link);
    const pdf = await lettersPdf(letter ? [letter] : [], { duplex: false, title: 'Briefe' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('take the no that their code leads to, and tell of it on paper', async () => {
    await capture(call);
    const [letter] = await printedLetters(test.app, agent, { runId: await print() });
    const link = letter?.exitUrls[0]?.split('/u/')[1] ?? '';
    expect(await unsubscribe(test.app, link, 'page', aClient)).toEqual({ outcome: 'withdrawn', count: 1 });
    expect(await test.app.db.selectFrom('mails').select('id').execute()).toEqual([]);
    // Whoever has withdrawn everything themself was told by the page.
    expect((await desk()).waiting).toEqual([]);
  });

  it('are printed once by two desks at the same time, and once more from the copy', async () => {
    await capture(call);
    await capture(card);
    const both = await Promise.all([
      printLetters(test.app, agent, 'all'),
      printLetters(test.app, agent, 'all'),
    ]);
    const runs = both.flatMap((one) => (one.outcome === 'printed' ? [one] : []));
    expect(runs.reduce((sum, { count }) => sum + count, 0)).toBe(2);
    await withdrawAtDesk(test.app, agent, { contactPoint: number, how: 'letter' });
    const letters = await printedLetters(test.app, agent, { runId: runs[0]?.runId ?? '' });
    expect(letters.flatMap(({ changes }) => changes.map(({ to }) => to))).not.toContain('withdrawn');
    expect((await desk()).waiting).toHaveLength(1);
  });

  it('are ticked off by whom and when, or go back and are written anew', async () => {
    const { contactPointId } = await capture(call);
    const first = await print();
    expect(await returnToQueue(test.app, agent, first)).toBe(1);
    expect((await desk()).counts).toMatchObject({ waiting: 1, cancelled: 1 });
    test.pass({ hours: 1 });
    const second = await print();
    expect(await markSent(test.app, agent, second)).toBe(1);
    expect(await markSent(test.app, agent, second)).toBe(0);
    expect(await returnToQueue(test.app, agent, second)).toBe(0);
    expect(await describeRun(test.app, agent, second)).toMatchObject({ sentAt: '2026-11-02T10:00:00.000Z' });
    const own = await lettersTo(test.app, auditor, contactPointId);
    expect(own.map(({ state }) => state)).toEqual(['sent', 'cancelled']);
    const acts = await test.app.db.selectFrom('audit_entries').select(['act', 'staff_name']).execute();
    expect(acts.filter(({ act }) => act.startsWith('letters.')).map(({ act }) => act)).toEqual([
      'letters.printed',
      'letters.returned',
      'letters.printed',
      'letters.sent',
    ]);
  });

  it('wait apart without an address, until one is taken down', async () => {
    await capture({ ...call, person: {} });
    const { unaddressed, waiting } = await desk();
    expect([unaddressed.length, waiting.length]).toEqual([1, 0]);
    expect(await printLetters(test.app, agent, 'all')).toEqual({ outcome: 'nothing' });
    await capture(call);
    expect((await desk()).counts).toMatchObject({ unaddressed: 0, waiting: 1 });
    const [letter] = (await desk()).waiting;
    expect(await dropLetter(test.app, agent, letter?.id ?? '')).toBe(true);
    expect(await dropLetter(test.app, agent, letter?.id ?? '')).toBe(false);
  });

  it('name the country of whoever lives abroad', async () => {
    await capture(card);
    expect((await desk()).waiting[0]?.recipient).toEqual([
      'Ute Unger',
      'Hauptstr. 5',
      '8010 Graz',
      'ÖSTERREICH',
    ]);
  });

  it('are not needed any more once the person is told by mail', async () => {
    await capture(call);
    const person = await test.app.db.selectFrom('people').select('id').executeTakeFirstOrThrow();
    await signUp(test.app, 'wilma@example.org', ['product-news:email']);
    const mailbox = await test.app.db
      .selectFrom('contact_points')
      .select(['id', 'person_id'])
      .where('channel', '=', 'email')
      .executeTakeFirstOrThrow();
    // The number turns out to be that of the mailbox's owner.
    await test.app.db
      .updateTable('letters')
      .set({ person_id: mailbox.person_id })
      .where('person_id', '=', person.id)
      .execute();
    await confirmSignup(test.app, await newestToken(test.app, 'wilma@example.org'), aClient);
    expect(await letterCounts(test.app.db)).toMatchObject({ waiting: 0, cancelled: 1 });
  });

  it('are written to whoever has a mailbox that sends our mails back', async () => {
    const email = 'wilma@example.org';
    await signUp(test.app, email, ['product-news:email', 'service-calls:phone'], 'fair', {
      phone: number,
      ...wilma,
    });
    await confirmSignup(test.app, await newestToken(test.app, email), aClient);
    const { lookup_hash } = await test.app.db
      .selectFrom('contact_points')
      .select('lookup_hash')
      .where('channel', '=', 'email')
      .executeTakeFirstOrThrow();
    const block = { id: 'b', channel: 'email', lookup_hash: lookup_hash ?? '', purpose_id: null } as const;
    const since = { created_at: test.app.now().toISOString(), until: null, lifted_at: null };
    await test.app.db
      .insertInto('suppressions')
      .values({ ...block, ...since, reason: 'bounce' })
      .execute();
    const no = { contactPoint: number, how: 'telephone' };
    expect(await withdrawAtDesk(test.app, agent, no)).toMatchObject({ notifiedBy: 'letter' });
    expect((await desk()).waiting[0]?.recipient?.[0]).toBe('Wilma Weber');
  });

  it('of an import are none: nothing is new to the person', async () => {
    const imported = { ...call, method: 'import', evidence: { source: 'CRM', proof_ref: 'P-1' } } as Capture;
    expect(await captureAtDesk(test.app, agent, imported)).toMatchObject({ notifiedBy: 'nothing' });
    expect((await desk()).counts.waiting).toBe(0);
  });

  it.each<[Role, boolean, boolean]>([
    ['admin', true, true],
    ['agent', true, true],
    ['legal', true, false],
    ['auditor', true, false],
    ['marketing', false, false],
  ])('are shown to %s: %s, printed by them: %s', async (role, reads, prints) => {
    const look = letterDesk(test.app, staff(role), 'de');
    await (reads ? expect(look).resolves.toBeDefined() : expect(look).rejects.toThrow('may not'));
    const act = printLetters(test.app, staff(role), 'all');
    await (prints ? expect(act).resolves.toBeDefined() : expect(act).rejects.toThrow('may not'));
  });
});

function staff(role: Role): Actor {
  return { id: `staff-${role}`, email: `${role}@example.org`, name: `A ${role}`, role, locale: null };
}

const agent = staff('agent');
const auditor = staff('auditor');

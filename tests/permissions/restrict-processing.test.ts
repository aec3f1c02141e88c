import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseKind } from '#db/connect.ts';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import type { Jurisdiction } from '#src/decisions/facts.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { manageLink } from '#src/links/signed-link.ts';
import { resolveRecipients } from '#src/mail/addressed-mail.ts';
import { renderMails } from '#src/mail/render-mails.ts';
import { captureSchema } from '#src/permissions/capture.ts';
import { captureConsent } from '#src/permissions/capture-consent.ts';
import { lastRegisterCheck, recordRegisterCheck } from '#src/permissions/check-register.ts';
import { describePreferences } from '#src/permissions/describe-preferences.ts';
import { findAtDesk } from '#src/permissions/look-up-person.ts';
import { liftRestriction, restrictProcessing } from '#src/permissions/restrict-processing.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import type { Actor } from '#src/staff/actor.ts';
import { aClient, mailKindsTo, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const anna = 'anna@example.org';
const agent: Actor = { id: 'a', email: 'agent@example.org', name: 'Ari Agent', role: 'agent', locale: null };
const auditor: Actor = { ...agent, role: 'auditor' };

describe.each(databases)('facts about a person on %s', (name) => {
  let test: TestApp;
  let point = '';
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  const faults = async () =>
    (await verifyLedger(test.app.db, test.app.keys)).faults.map(({ message }) => message);
  const pointTo = async () => {
    const row = await test.app.db
      .selectFrom('contact_points')
      .select('id')
      .where('lookup_hash', 'is not', null)
      .orderBy('id')
      .executeTakeFirstOrThrow();
    return row.id;
  };
  const decision = async (address: string, jurisdiction: Jurisdiction = 'DE', at?: string) => {
    const asked = { purpose: 'product-news', channel: 'email', audience: 'consumer', jurisdiction } as const;
    const question = at ? { ...asked, at } : asked;
    const [one] = await decideContacts(test.app, test.app.db, question, [address]);
    return one?.decision;
  };

  describe('a restriction (Art. 18 GDPR)', () => {
    beforeEach(async () => {
      await signUp(test.app, anna, ['product-news:email']);
      await confirmSignup(test.app, await newestToken(test.app, anna), aClient);
      point = await pointTo();
    });
    const restrict = () => restrictProcessing(test.app, agent, point, 'accuracy_contested', 'letter');
    const newestMail = async () => {
      const { app } = test;
      const rows = await app.db.selectFrom('mails').selectAll().orderBy('id', 'desc').limit(1).execute();
      const rendered = await renderMails(app, await resolveRecipients(app.db, app.keys, rows), app.now());
      return [...rendered.values()][0]?.text.replace(/\s+/g, ' ');
    };

    it('says no at once, for everything, and tells the person', async () => {
      expect((await decision(anna))?.allowed).toBe(true);
      test.pass({ hours: 1 });
      expect(await restrict()).toEqual({ outcome: 'done', notifiedBy: 'mail' });
      expect(await decision(anna)).toMatchObject({
        allowed: false,
        reason: 'restricted',
        law: expect.arrayContaining(['Art. 18 Abs. 2 DSGVO']),
      });
      expect((await decision(anna, 'DE', '2026-11-02T09:30:00.000Z'))?.allowed).toBe(true);
      expect(await mailKindsTo(test.app, anna)).toEqual([
        'confirm-signup',
        'permissions-changed',
        'permissions-changed',
      ]);
      expect(await newestMail()).toContain('eingeschränkt (Art. 18 DSGVO)');
      expect(await restrict()).toEqual({ outcome: 'nothing' });
      expect(await faults()).toEqual([]);
    });

    it('ends days after the person was told that it will', async () => {
      await restrict();
      test.pass({ days: 30 });
      expect(await liftRestriction(test.app, agent, point)).toEqual({ outcome: 'done', notifiedBy: 'mail' });
      expect(await newestMail()).toContain('Diese Einschränkung endet am 9. Dezember 2026');
      test.pass({ days: 6 });
      expect((await decision(anna))?.reason).toBe('restricted');
      expect(await liftRestriction(test.app, agent, point)).toEqual({ outcome: 'nothing' });
      test.pass({ days: 2 });
      expect((await decision(anna))?.allowed).toBe(true);
      expect(await faults()).toEqual([]);
    });

    it('goes on when the person asks for it again before its end', async () => {
      await restrict();
      await liftRestriction(test.app, agent, point);
      test.pass({ days: 3 });
      expect((await restrict()).outcome).toBe('done');
      test.pass({ days: 30 });
      expect((await decision(anna))?.reason).toBe('restricted');
    });

    it('is nothing that an auditor may set, nor about nobody', async () => {
      await expect(restrictProcessing(test.app, auditor, point, 'unlawful', 'letter')).rejects.toThrow();
      expect(await restrictProcessing(test.app, agent, 'nobody', 'unlawful', 'letter')).toEqual({
        outcome: 'unknown',
      });
    });

    it('shows in the history at the desk, with its reason, and to the person on their own page', async () => {
      test.pass({ hours: 1 });
      const { app } = test;
      await restrict();
      test.pass({ days: 1 });
      await liftRestriction(app, agent, point);
      const desk = await findAtDesk(app, agent, point, 'de');
      expect(desk?.events.slice(0, 3)).toMatchObject([
        { kind: 'unrestricted', occurredAt: '2026-11-10T10:00:00.000Z' },
        {
          kind: 'restricted',
          recordedAt: '2026-11-02T10:00:00.000Z',
          noted: [
            ['restriction_reason', 'accuracy_contested'],
            ['how', 'letter'],
          ],
        },
        { kind: 'confirmed' },
      ]);
      const page = (link: string) => describePreferences(app, link, 'de');
      const fresh = await page(manageLink(app.keys, point, 0, app.now()));
      expect(fresh).toMatchObject({
        restriction: { since: '2026-11-02T10:00:00.000Z', endsAt: '2026-11-10T10:00:00.000Z' },
        history: [
          { kind: 'unrestricted', by: 'us' },
          { kind: 'restricted', by: 'us' },
          { kind: 'confirmed', by: 'you' },
          { kind: 'requested', by: 'you' },
        ],
      });
      // How it stands is shown by an old link as well.
      const old = manageLink(app.keys, point, 0, new Date('2026-10-01T10:00:00.000Z'));
      expect(await page(old)).toMatchObject({ restriction: { since: expect.any(String) }, history: [] });
      test.pass({ days: 8 });
      expect(await page(old)).toMatchObject({ restriction: undefined });
    });

    it('can neither be changed nor deleted unnoticed', async () => {
      await restrict();
      const { db } = test.app;
      await expect(db.deleteFrom('person_events').execute()).rejects.toThrow(/never/);
      await expect(db.updateTable('person_events').set({ actor: 'b' }).execute()).rejects.toThrow(/never/);
      if (databaseKind(db) === 'postgres') {
        await sql`ALTER TABLE person_events DISABLE TRIGGER USER`.execute(db);
      } else await sql`DROP TRIGGER person_events_refuse_update`.execute(db);
      await db.updateTable('person_events').set({ number: 2, commitment: 'other' }).execute();
      expect(await faults()).toEqual([
        expect.stringContaining('does not fit its hash'),
        expect.stringContaining('is number 2 where 1 is expected'),
        expect.stringContaining('commits to other evidence'),
      ]);
    });
  });

  describe('a look into a register of refusals', () => {
    const customer = captureSchema.parse({
      contact_point: anna,
      channel: 'email',
      purpose: 'product-news',
      basis: 'existing_customer',
      captured_at: '2026-11-02T08:00:00Z',
      captured_by: 'Ari Agent',
      evidence: {
        sale_id: 'A-1',
        sale_date: '2026-11-01',
        product_line: 'Akkuschrauber',
        address_from_customer: true,
        notice_text_version: 'product-news/email/de@1.0',
        notice_shown_at: '2026-11-01',
      },
    });
    beforeEach(async () => {
      const { app } = test;
      const by = { origin: 'api', actor: 'key' } as const;
      await app.db.transaction().execute((tx) => captureConsent(tx, app, customer, by));
      point = await pointTo();
    });
    const check = (refused: boolean, checkedAt = test.app.now().toISOString()) =>
      recordRegisterCheck(test.app, agent, point, { refused, checkedAt, list: 'RTR, November' });

    it('opens mails to customers in Austria for thirty days', async () => {
      expect(await decision(anna, 'AT')).toMatchObject({
        reason: 'evidence_incomplete',
        missing: ['ecg_check'],
      });
      expect(await check(false)).toBe('recorded');
      expect(await decision(anna, 'AT')).toMatchObject({ allowed: true, reason: 'existing_customer' });
      test.pass({ days: 31 });
      expect((await decision(anna, 'AT'))?.missing).toEqual(['ecg_check']);
      // Germany knows no such list.
      expect((await decision(anna))?.allowed).toBe(true);
      expect(await faults()).toEqual([]);
    });

    it('closes them for whoever is on the list, until a newer look finds them gone', async () => {
      await check(true);
      test.pass({ days: 60 });
      expect((await decision(anna, 'AT'))?.reason).toBe('suppressed_objection');
      await check(false);
      expect((await decision(anna, 'AT'))?.allowed).toBe(true);
      expect(await lastRegisterCheck(test.app.db, point)).toMatchObject({ register: 'ecg', refused: false });
    });

    it('shows in the history at the desk and on the page of the person', async () => {
      const { app } = test;
      test.pass({ hours: 1 });
      await check(true);
      const desk = await findAtDesk(app, agent, point, 'de');
      expect(desk?.events[0]).toMatchObject({
        kind: 'register_checked',
        register: 'ecg',
        refused: true,
        channel: 'email',
        noted: [['list', 'RTR, November']],
      });
      const page = await describePreferences(app, manageLink(app.keys, point, 0, app.now()), 'de');
      expect(page).toMatchObject({
        history: [
          { kind: 'register_checked', register: 'ecg', refused: true, channel: 'email', by: 'us' },
          { kind: 'granted' },
        ],
      });
    });

    it('has not happened yet when it lies in the future', async () => {
      expect(await check(false, '2027-01-01T00:00:00.000Z')).toBe('in_future');
      expect(await lastRegisterCheck(test.app.db, point)).toBeUndefined();
    });

    it('opens presumed calls in Switzerland for a number without a star', async () => {
      const { app } = test;
      const number = '+41 44 668 18 00';
      const presumed = captureSchema.parse({
        contact_point: number,
        channel: 'phone',
        purpose: 'service-calls',
        audience: 'business',
        basis: 'presumed',
        captured_at: '2026-11-02T08:00:00Z',
        captured_by: 'Ari Agent',
        evidence: {
          reason_code: 'handed_over_card',
          facts: 'Handed over her card at the fair in Basel and asked for a call about service.',
          subject_of_call: 'Service',
          product_line: 'Akkuschrauber',
        },
      });
      const by = { origin: 'api', actor: 'key' } as const;
      await app.db.transaction().execute((tx) => captureConsent(tx, app, presumed, by));
      const asked = { purpose: 'service-calls', channel: 'phone', audience: 'business' } as const;
      const missing = async () =>
        (await decideContacts(app, app.db, { ...asked, jurisdiction: 'CH' }, [number]))[0]?.decision.missing;
      expect(await missing()).toEqual(['star_entry_check']);
      const phone = await app.db
        .selectFrom('contact_points')
        .select('id')
        .where('channel', '=', 'phone')
        .executeTakeFirstOrThrow();
      const none = { refused: false, checkedAt: app.now().toISOString(), list: '' };
      expect(await recordRegisterCheck(app, agent, phone.id, none)).toBe('recorded');
      expect(await missing()).toEqual([]);
    });
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { type Capture, captureSchema } from '#src/permissions/capture.ts';
import { captureConsent } from '#src/permissions/capture-consent.ts';
import { countProofs } from '#src/permissions/proof-retention.ts';
import { recordUses } from '#src/permissions/record-uses.ts';
import { withdrawByAddress } from '#src/permissions/withdraw-by-address.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const anna = 'anna@example.org';

/** Said yes on 2 November 2026; unused, the permission ends on 2 November 2028. */
describe.each(databases)('recordUses on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  const saysYes = async () => {
    await signUp(test.app, anna, ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, anna), aClient);
  };
  const use = async (...days: string[]) => {
    const { app } = test;
    const permission = await app.db.selectFrom('permissions').select('id').executeTakeFirstOrThrow();
    const uses = days.map((day) => ({
      permissionId: permission.id,
      usedAt: `${day}T12:00:00.000Z`,
      campaign: null,
    }));
    const by = { origin: 'api', actor: 'key' } as const;
    return app.db.transaction().execute((tx) => recordUses(tx, app.now().toISOString(), uses, by));
  };
  const decision = async (at?: string) => {
    const asked = {
      purpose: 'product-news',
      channel: 'email',
      audience: 'consumer',
      jurisdiction: 'DE',
    } as const;
    const question = at ? { ...asked, at } : asked;
    const [one] = await decideContacts(test.app, test.app.db, question, [anna]);
    return one?.decision;
  };
  const keptUses = async () =>
    (await test.app.db.selectFrom('uses').select('used_at').orderBy('used_at').execute()).map(({ used_at }) =>
      used_at.slice(0, 10),
    );

  it('keeps alive what was used in time, also when that is told late and in any order', async () => {
    await saysYes();
    test.pass({ days: 900 });
    expect((await decision())?.reason).toBe('unused_too_long');
    expect(await use('2028-09-01', '2027-06-01')).toBe(0);
    expect(await decision()).toMatchObject({ allowed: true, unused_until: '2030-09-01T12:00:00.000Z' });
  });

  it('revives nothing by a use after the end, and keeps it all the same', async () => {
    await saysYes();
    test.pass({ days: 900 });
    expect(await use('2028-11-03')).toBe(1);
    expect((await decision())?.reason).toBe('unused_too_long');
    // Nor does one that follows upon it.
    expect(await use('2029-01-10')).toBe(1);
    expect((await decision())?.reason).toBe('unused_too_long');
    expect(await keptUses()).toEqual(['2028-11-03', '2029-01-10']);
    const events = await test.app.db
      .selectFrom('events')
      .select('valid_until')
      .where('kind', '=', 'used')
      .execute();
    expect(events.map(({ valid_until }) => valid_until?.slice(0, 10))).toEqual(['2028-11-02', '2028-11-02']);
  });

  it('lets a use count that was made within the months of one before it', async () => {
    await saysYes();
    test.pass({ days: 1200 });
    // In one report the earlier one is read first, whatever stands first in it.
    expect(await use('2029-12-01', '2028-01-15')).toBe(0);
    expect((await decision())?.allowed).toBe(true);
  });

  it('decides the same when one of two late reports overtakes the other', async () => {
    await saysYes();
    test.pass({ days: 1200 });
    // As far as is known now, the permission had ended a year before.
    expect(await use('2029-12-01')).toBe(1);
    expect((await decision())?.reason).toBe('unused_too_long');
    expect(await use('2028-01-15')).toBe(0);
    expect(await decision()).toMatchObject({ allowed: true, unused_until: '2031-12-01T12:00:00.000Z' });
    expect(await decision('2029-06-01T12:00:00.000Z')).toMatchObject({
      allowed: true,
      unused_until: '2030-01-15T12:00:00.000Z',
    });
    expect(await keptUses()).toEqual(['2028-01-15', '2029-12-01']);
  });

  it('joins as many as follow upon each other, and none beyond a gap that was too long', async () => {
    await saysYes();
    test.pass({ days: 2900 });
    expect(await use('2034-02-01')).toBe(1);
    expect(await use('2031-06-01')).toBe(1);
    expect(await use('2029-12-01')).toBe(1);
    expect(await use('2028-01-15')).toBe(0);
    const { last_used_at } = await test.app.db
      .selectFrom('permissions')
      .select('last_used_at')
      .executeTakeFirstOrThrow();
    expect(last_used_at?.slice(0, 10)).toBe('2031-06-01');
    expect((await decision())?.reason).toBe('unused_too_long');
  });

  it('begins anew with a new yes', async () => {
    await saysYes();
    test.pass({ days: 900 });
    await use('2028-12-01');
    await saysYes();
    test.pass({ days: 1 });
    expect(await use('2029-04-21')).toBe(0);
    expect(await decision()).toMatchObject({ allowed: true, unused_until: '2031-04-21T12:00:00.000Z' });
  });

  it('counts the months of an existing customer from the sale', async () => {
    const { app } = test;
    const sold: Capture = captureSchema.parse({
      contact_point: anna,
      channel: 'email',
      purpose: 'product-news',
      basis: 'existing_customer',
      captured_at: '2026-11-02T08:00:00Z',
      captured_by: 'Ari Agent',
      evidence: {
        sale_id: 'A-1',
        sale_date: '2026-03-01',
        product_line: 'Akkuschrauber',
        address_from_customer: true,
        notice_text_version: 'product-news/email/de@1.0',
        notice_shown_at: '2026-03-01',
      },
    });
    const by = { origin: 'api', actor: 'key' } as const;
    await app.db.transaction().execute((tx) => captureConsent(tx, app, sold, by));
    expect((await decision())?.allowed).toBe(true);
    test.pass({ days: 500 });
    expect((await decision())?.reason).toBe('unused_too_long');
    expect(await use('2028-03-02')).toBe(1);
    expect((await decision())?.reason).toBe('unused_too_long');
    expect(await use('2028-02-28')).toBe(0);
    expect((await decision())?.allowed).toBe(true);
  });

  it('keeps the proof for what should not have been sent, too', async () => {
    await saysYes();
    test.pass({ days: 900 });
    await use('2029-01-10');
    const { app } = test;
    const permission = await app.db.selectFrom('permissions').selectAll().executeTakeFirstOrThrow();
    expect(permission.last_used_at).toBeNull();
    const no = { contactPoint: anna, how: 'letter' };
    const by = { origin: 'api', actor: 'key' } as const;
    await app.db.transaction().execute((tx) => withdrawByAddress(tx, app, no, by));
    expect((await countProofs(app.db, app.now()))[0]).toMatchObject({ kept: 1, due: 0 });
  });
});

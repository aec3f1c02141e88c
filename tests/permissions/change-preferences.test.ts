import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { manageLink, unsubscribeLink } from '#src/links/signed-link.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { changePreferences } from '#src/permissions/change-preferences.ts';
import { describePreferences } from '#src/permissions/describe-preferences.ts';
import { describeUnsubscribe } from '#src/permissions/describe-unsubscribe.ts';
import { requestManageLink } from '#src/permissions/request-manage-link.ts';
import { unsubscribe } from '#src/permissions/unsubscribe.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import {
  aClient,
  confirmationsTo,
  mailKindsTo,
  newestToken,
  openTestApp,
  permissionsOf,
  signUp,
  type TestApp,
} from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const alice = 'alice@example.org';
const news = { purpose: 'product-news', channel: 'email' } as const;
const events = { purpose: 'event-invitations', channel: 'email' } as const;

describe.each(databases)('the preference centre on %s', (name) => {
  let test: TestApp;
  let mailbox: string;
  let link: string;

  beforeEach(async () => {
    test = await openTestApp(name);
    const { app } = test;
    await signUp(app, alice, ['product-news:email', 'event-invitations:email']);
    await confirmSignup(app, await newestToken(app, alice), aClient);
    const lookup = lookupHash(app.keys, 'email', alice);
    const point = await app.db
      .selectFrom('contact_points')
      .select('id')
      .where('lookup_hash', '=', lookup)
      .executeTakeFirstOrThrow();
    mailbox = point.id;
    link = manageLink(app.keys, mailbox, 0, app.now());
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  it('withdraws one at once and tells the person by mail', async () => {
    const { app } = test;
    const result = await changePreferences(app, link, [{ ...news, answer: 'no' }], aClient, 'de');
    expect(result).toMatchObject({ outcome: 'changed', mailed: true, pending: [] });
    expect(await permissionsOf(app, alice)).toEqual({
      'product-news:email': 'withdrawn',
      'event-invitations:email': 'granted',
    });
    expect((await mailKindsTo(app, alice)).at(-1)).toBe('permissions-changed');
  });

  it('withdraws everything by one button, and leaves it to the page to say so', async () => {
    const { app } = test;
    const before = (await mailKindsTo(app, alice)).length;
    const result = await changePreferences(app, link, 'all_no', aClient, 'de');
    expect(result).toMatchObject({ outcome: 'changed', mailed: false });
    expect(Object.values(await permissionsOf(app, alice))).toEqual(['withdrawn', 'withdrawn']);
    expect(await mailKindsTo(app, alice)).toHaveLength(before);
  });

  it('mails about a full withdrawal where the controller wants that', async () => {
    const { app } = test;
    await app.db.updateTable('controllers').set({ mails_after_withdrawal: 1 }).execute();
    expect(await changePreferences(app, link, 'all_no', aClient, 'de')).toMatchObject({ mailed: true });
  });

  it('lets a new yes wait for its own confirmation', async () => {
    const { app } = test;
    await changePreferences(app, link, 'all_no', aClient, 'de');
    const result = await changePreferences(app, link, [{ ...news, answer: 'yes' }], aClient, 'de');
    expect(result).toMatchObject({ outcome: 'changed', withdrawn: [], mailed: false });
    expect(await permissionsOf(app, alice)).toMatchObject({ 'product-news:email': 'pending' });
    await confirmSignup(app, await newestToken(app, alice), aClient);
    expect(await permissionsOf(app, alice)).toMatchObject({
      'product-news:email': 'granted',
      'event-invitations:email': 'withdrawn',
    });
  });

  it('does not let an older link bring back what was refused since', async () => {
    const { app } = test;
    await signUp(app, alice, ['partner-offers:email']);
    const token = await newestToken(app, alice);
    await changePreferences(
      app,
      link,
      [{ purpose: 'partner-offers', channel: 'email', answer: 'no' }],
      aClient,
      'de',
    );
    expect(await confirmSignup(app, token, aClient)).toEqual({ outcome: 'expired' });
    expect(await permissionsOf(app, alice)).toMatchObject({ 'partner-offers:email': 'refused' });
  });

  it('changes nothing for what is set to what it was, or not sent at all', async () => {
    const { app } = test;
    const count = async () => (await app.db.selectFrom('events').select('id').execute()).length;
    const before = await count();
    await changePreferences(app, link, [{ ...news, answer: 'yes' }], aClient, 'de');
    await changePreferences(app, link, [], aClient, 'de');
    expect(await count()).toBe(before);
  });

  it('renews by a new yes, confirmed by mail, what lay unused for too long', async () => {
    const { app, pass } = test;
    pass({ days: 900 });
    link = manageLink(app.keys, mailbox, 0, app.now());
    const cellOf = async () => {
      const found = await describePreferences(app, link);
      const cells = found.outcome === 'found' ? found.controllers.flatMap((one) => one.cells) : [];
      return cells.find(({ field }) => field === 'p:product-news:email');
    };
    const decision = async () => {
      const asked = { ...news, audience: 'consumer', jurisdiction: 'DE' } as const;
      return (await decideContacts(app, app.db, asked, [alice]))[0]?.decision.reason;
    };
    expect(await decision()).toBe('unused_too_long');
    expect(await cellOf()).toMatchObject({ state: 'granted', lapsed: true, asked: false });
    const mails = (await confirmationsTo(app, alice)).length;
    const yes = () => changePreferences(app, link, [{ ...news, answer: 'yes' }], aClient, 'de');
    expect(await yes()).toMatchObject({ pending: [{ ...news, from: 'granted', to: 'pending' }] });
    expect(await cellOf()).toMatchObject({ state: 'granted', lapsed: true, asked: true });
    // It waits for its mail, and another Save asks for no second one.
    expect(await yes()).toMatchObject({ pending: [] });
    expect(await confirmationsTo(app, alice)).toHaveLength(mails + 1);
    expect(await decision()).toBe('unused_too_long');
    await confirmSignup(app, await newestToken(app, alice), aClient);
    expect(await decision()).toBe('consent_active');
    expect(await cellOf()).toMatchObject({ state: 'granted', lapsed: false, asked: false });
    expect(await permissionsOf(app, alice)).toMatchObject({ 'event-invitations:email': 'granted' });
  });

  it('takes no yes to what lapsed and is not asked for any more', async () => {
    const { app, pass } = test;
    pass({ days: 900 });
    link = manageLink(app.keys, mailbox, 0, app.now());
    await app.db.updateTable('consent_texts').set({ live_version_id: null }).execute();
    const result = await changePreferences(app, link, [{ ...news, answer: 'yes' }], aClient, 'de');
    expect(result).toEqual({ outcome: 'invalid', fields: ['p:product-news:email'] });
  });

  it('refuses purposes and channels that it does not have, and changes nothing of the rest', async () => {
    const { app } = test;
    const wrong = [
      { ...news, answer: 'no' as const },
      { purpose: 'no-such', channel: 'email' as const, answer: 'no' as const },
      { purpose: 'price-list', channel: 'fax' as const, answer: 'yes' as const },
    ];
    expect(await changePreferences(app, link, wrong, aClient, 'de')).toEqual({
      outcome: 'invalid',
      fields: ['p:no-such:email', 'p:price-list:fax'],
    });
    expect(await permissionsOf(app, alice)).toMatchObject({ 'product-news:email': 'granted' });
  });

  it('shows states for ever, and own data for a day', async () => {
    const { app, pass } = test;
    const fresh = await describePreferences(app, link);
    expect(fresh).toMatchObject({ outcome: 'found', fresh: true, maskedAddress: 'al••@example.org' });
    expect(fresh.outcome === 'found' && fresh.history).toHaveLength(4);
    pass({ days: 2 });
    const old = await describePreferences(app, link);
    expect(old).toMatchObject({ fresh: false, history: [], contactPoints: [], details: {} });
    expect(JSON.stringify(old)).not.toContain(alice);
    expect(await changePreferences(app, link, [{ ...news, answer: 'no' }], aClient, 'de')).toMatchObject({
      outcome: 'changed',
    });
  });

  it('opens for nobody without a link of its own, and for no link that was revoked', async () => {
    const { app } = test;
    const tampered = link.replace(/.$/, link.endsWith('A') ? 'B' : 'A');
    expect(await describePreferences(app, tampered)).toEqual({ outcome: 'unknown_link' });
    const other = unsubscribeLink(app.keys, mailbox, 0);
    expect(await describePreferences(app, other)).toEqual({ outcome: 'unknown_link' });
    await app.db.updateTable('contact_points').set({ link_generation: 1 }).execute();
    expect(await describePreferences(app, link)).toEqual({ outcome: 'revoked' });
    expect(await changePreferences(app, link, 'all_no', aClient, 'de')).toEqual({ outcome: 'revoked' });
  });

  it('withdraws by one click, once, for ever, also by a revoked link', async () => {
    const { app } = test;
    const all = unsubscribeLink(app.keys, mailbox, 0);
    await app.db.updateTable('contact_points').set({ link_generation: 7 }).execute();
    expect(await unsubscribe(app, all, 'one_click', aClient)).toEqual({ outcome: 'withdrawn', count: 2 });
    expect(await unsubscribe(app, all, 'one_click', aClient)).toEqual({ outcome: 'withdrawn', count: 0 });
    expect(Object.values(await permissionsOf(app, alice))).toEqual(['withdrawn', 'withdrawn']);
    expect(await unsubscribe(app, link, 'one_click', aClient)).toEqual({ outcome: 'unknown_link' });
  });

  it('withdraws by one click only what the link is about', async () => {
    const { app } = test;
    const purpose = await app.db
      .selectFrom('purposes')
      .select('id')
      .where('key', '=', events.purpose)
      .executeTakeFirstOrThrow();
    const one = unsubscribeLink(app.keys, mailbox, 0, purpose.id);
    expect(await describeUnsubscribe(app, one, 'de')).toMatchObject({
      everything: false,
      controller: { legal_name: 'Muster Werkzeuge GmbH' },
      items: [{ channel: 'email', state: 'granted' }],
    });
    expect(await unsubscribe(app, one, 'page', aClient)).toEqual({ outcome: 'withdrawn', count: 1 });
    expect(await permissionsOf(app, alice)).toEqual({
      'product-news:email': 'granted',
      'event-invitations:email': 'withdrawn',
    });
  });

  it('mails a link to who is known, and answers the same to everyone', async () => {
    const { app } = test;
    const asked = [alice, 'stranger@example.org', 'ALICE@EXAMPLE.ORG'];
    for (const email of asked) {
      expect(await requestManageLink(app, email, 'de', aClient)).toEqual({ outcome: 'accepted' });
    }
    const kinds = await mailKindsTo(app, alice);
    expect(kinds.filter((kind) => kind === 'manage-link')).toHaveLength(2);
    expect(await confirmationsTo(app, 'stranger@example.org')).toEqual([]);
  });
});

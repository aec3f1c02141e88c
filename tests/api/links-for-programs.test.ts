import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scrub } from '#src/decisions/scrub/scrub.ts';
import { publicId } from '#src/ids/public-id.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { manageLink, unsubscribeLink } from '#src/links/signed-link.ts';
import { captureSchema } from '#src/permissions/capture.ts';
import { captureConsent } from '#src/permissions/capture-consent.ts';
import { changePreferences } from '#src/permissions/change-preferences.ts';
import { describePreferences } from '#src/permissions/describe-preferences.ts';
import { sendFreshLink } from '#src/permissions/request-manage-link.ts';
import { revokeLinksAtDesk, revokeOwnLinks } from '#src/permissions/revoke-links.ts';
import { unsubscribe } from '#src/permissions/unsubscribe.ts';
import { issueReceipt } from '#src/receipts/issue-receipt.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { actsOf, aMember } from '#tests/staff/desk.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { aClient, mailKindsTo, newestToken, permissionsOf, signUp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const alice = 'alice@example.org';
const news = { purpose: 'product-news', channel: 'email' } as const;
const question = { ...news, audience: 'consumer', jurisdiction: 'DE' } as const;

describe.each(databases)('links for programs on %s', (name) => {
  let test: TestApi;

  beforeEach(async () => {
    test = await openTestApi(name);
    await signUp(test.app, alice, ['product-news:email', 'event-invitations:email']);
    await confirmSignup(test.app, await newestToken(test.app, alice), aClient);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  const linkIn = (text: string) => /\/p\/([\w-]{20,})/.exec(text)?.[1] ?? '';
  const ask = async (contactPoint: string, more: object = {}) => {
    const wanted = { ...news, contact_points: [contactPoint], include: ['links'], ...more };
    const { body } = await test.call('/decisions', wanted);
    return (body.decisions as Record<string, unknown>[])[0] ?? {};
  };
  const streamed = async (type: string, rows: string) => {
    const path = `/decisions/stream?purpose=product-news&channel=email`;
    const response = await fetch(`${test.url}/api/v1${path}`, {
      method: 'POST',
      headers: { Authorization: 'Bearer jw_demo_key', 'Content-Type': type },
      body: rows,
    });
    return response.text();
  };
  const scrubbed = async () => {
    async function* file() {
      yield Buffer.from(`contact_point\n${alice}\n`);
    }
    let text = '';
    for await (const { bytes } of scrub(test.app, question, 'csv', file())) text += bytes;
    return text;
  };

  const doors: Record<string, () => Promise<string>> = {
    'a decision': async () => String((await ask(alice)).preferences_url),
    'a decision that records a use': async () =>
      String((await ask(alice, { record_use: { campaign: 'spring' } })).preferences_url),
    'a decision about the past': async () =>
      String(
        (await ask(alice, { at: '2026-11-02T08:59:59Z' })).preferences_url ??
          (await ask(alice)).preferences_url,
      ),
    'a stream of CSV': () => streamed('text/csv', `contact_point\n${alice}\n`),
    'a stream of NDJSON': () => streamed('application/x-ndjson', `{"contact_point":"${alice}"}\n`),
    'the list of who may be contacted': async () =>
      String((await test.call('/exports/contactable?purpose=product-news&channel=email')).body.text),
    'jawort scrub': scrubbed,
  };

  it.each(Object.keys(doors))('of %s show states with masked addresses, and nothing more', async (door) => {
    const { app } = test;
    const link = linkIn((await doors[door]?.()) ?? '');
    const shown = await describePreferences(app, link);
    expect(shown).toMatchObject({ outcome: 'found', fresh: false, maskedAddress: 'al••@example.org' });
    expect(shown).toMatchObject({ history: [], details: {}, contactPoints: [] });
    expect(JSON.stringify(shown)).not.toContain(alice);
    const { id } = await app.db.selectFrom('permissions').select('id').executeTakeFirstOrThrow();
    const permission = publicId('permission', id);
    for (const form of ['pdf', 'jws', 'json', 'kantara'] as const) {
      const result = await issueReceipt(app, link, permission, { form, locale: 'de' });
      expect(result).toEqual({ outcome: 'link_too_old' });
    }
    expect(await revokeOwnLinks(app, link)).toEqual({ outcome: 'not_fresh' });
  });

  it('let one withdraw, ask for more, and have a fresh link sent to the mailbox', async () => {
    const { app } = test;
    const link = linkIn(String((await ask(alice)).preferences_url));
    expect(await sendFreshLink(app, link, 'de')).toEqual({ outcome: 'accepted' });
    expect(await mailKindsTo(app, alice)).toContain('manage-link');
    const wanted = [
      { ...news, answer: 'no' as const },
      { purpose: 'partner-offers', channel: 'email' as const, answer: 'yes' as const },
    ];
    expect(await changePreferences(app, link, wanted, aClient, 'de')).toMatchObject({ outcome: 'changed' });
    expect(await permissionsOf(app, alice)).toMatchObject({
      'product-news:email': 'withdrawn',
      'partner-offers:email': 'pending',
    });
  });

  it('are given for no address that may not be contacted, whether or not it is known', async () => {
    await changePreferences(test.app, linkIn(await scrubbed()), 'all_no', aClient, 'de');
    const none = { preferences_url: null, unsubscribe_url: null, list_unsubscribe: null };
    expect(await ask(alice)).toMatchObject({ reason: 'withdrawn', ...none });
    expect(await ask('nobody@example.org')).toMatchObject({ reason: 'no_permission', ...none });
    await signUp(test.app, 'bob@example.org', ['product-news:email']);
    expect(await ask('bob@example.org')).toMatchObject({ reason: 'pending_confirmation', ...none });
  });

  describe('to a number', () => {
    const number = '+493023125014';
    const calls = { purpose: 'service-calls', channel: 'phone', audience: 'business' };
    const rings = async (contactPoint: string) =>
      linkIn(String((await ask(contactPoint, calls)).preferences_url));
    const recorded = () =>
      test.app.db.transaction().execute((tx) =>
        captureConsent(
          tx,
          test.app,
          captureSchema.parse({
            contact_point: number,
            ...calls,
            basis: 'presumed',
            method: 'phone_oral',
            captured_at: '2026-11-02T08:00:00.000Z',
            captured_by: 'Ari',
            person: { company: 'Beispiel GmbH' },
            evidence: {
              reason_code: 'concrete_request',
              facts: 'Asked on the stand about a service contract for three grinding machines.',
              subject_of_call: 'service contract',
              product_line: 'grinding',
              number,
              direction: 'inbound',
              place: 'office',
            },
          }),
          { origin: 'api', actor: 'key' },
        ),
      );

    it('mask the number, and send mail to nobody where no mailbox is confirmed', async () => {
      const { app } = test;
      await recorded();
      const link = await rings(number);
      const shown = await describePreferences(app, link);
      expect(shown).toMatchObject({ outcome: 'found', fresh: false, hasMailbox: false });
      expect(shown).toMatchObject({ maskedAddress: expect.stringContaining('•') });
      expect(JSON.stringify(shown)).not.toContain(number);
      expect(await sendFreshLink(app, link, 'de')).toEqual({ outcome: 'accepted' });
      const mails = await app.db
        .selectFrom('mails')
        .select('kind')
        .where('kind', '=', 'manage-link')
        .execute();
      expect(mails).toEqual([]);
      const no = [{ purpose: 'service-calls', channel: 'phone' as const, answer: 'no' as const }];
      expect(await changePreferences(app, link, no, aClient, 'de')).toMatchObject({
        outcome: 'changed',
        mailed: false,
      });
      expect(await ask(number, calls)).toMatchObject({ allowed: false });
    });
  });

  describe('and all others of a person', () => {
    const pointOf = async () => {
      const { app } = test;
      const link = linkIn(await scrubbed());
      const row = await app.db
        .selectFrom('contact_points')
        .select(['id', 'link_generation'])
        .where('lookup_hash', 'is not', null)
        .orderBy('id')
        .executeTakeFirstOrThrow();
      return { ...row, link };
    };

    it('end when the person says so on a fresh page, which goes on; a way to withdraw does not', async () => {
      const { app, pass } = test;
      const { id, link } = await pointOf();
      const mailed = manageLink(app.keys, id, 0, app.now());
      pass({ hours: 20 });
      const result = await revokeOwnLinks(app, mailed);
      if (result.outcome !== 'done') throw new Error(result.outcome);
      expect(await describePreferences(app, result.link)).toMatchObject({ outcome: 'found', fresh: true });
      for (const ended of [mailed, link]) {
        expect(await describePreferences(app, ended)).toEqual({ outcome: 'revoked' });
        expect(await revokeOwnLinks(app, ended)).toEqual({ outcome: 'revoked' });
      }
      pass({ hours: 5 });
      // The new one is no younger than the mail that it came from.
      expect(await describePreferences(app, result.link)).toMatchObject({ fresh: false });
      expect(await revokeOwnLinks(app, result.link)).toEqual({ outcome: 'not_fresh' });
      expect(await describePreferences(app, linkIn(await scrubbed()))).toMatchObject({ outcome: 'found' });
      const stop = unsubscribeLink(app.keys, id, 0);
      expect(await unsubscribe(app, stop, 'one_click', aClient)).toEqual({ outcome: 'withdrawn', count: 2 });
    });

    it('end at the desk, in the audit trail, for who may capture', async () => {
      const { app } = test;
      const { id, link } = await pointOf();
      const [agent, marketing] = [await aMember(app, 'agent'), await aMember(app, 'marketing')];
      await expect(revokeLinksAtDesk(app, marketing, id)).rejects.toThrow();
      expect(await describePreferences(app, link)).toMatchObject({ outcome: 'found' });
      expect(await revokeLinksAtDesk(app, agent, id)).toBe('done');
      expect(await describePreferences(app, link)).toEqual({ outcome: 'revoked' });
      expect(await actsOf(app, `contact-point:${id}`)).toEqual(['permissions.links_revoked']);
    });
  });
});

import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scrub } from '#src/decisions/scrub/scrub.ts';
import { exportSuppressions } from '#src/exchange/export-suppressions.ts';
import { fillWideHashes } from '#src/jobs/fill-wide-hashes.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { parseAddress } from '#src/people/find-by-address.ts';
import { emptyBatch } from '#src/permissions/capture-batch.ts';
import { recordImportedNo } from '#src/permissions/record-imported-no.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { aClient, newestToken, signUp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import cases from '../people/addresses.json' with { type: 'json' };

const { address } = cases;
const asGiven = cases.objections_that_must_hit[0]?.contact_point ?? '';
const otherwise = 'Frau Beispiel, Graf-Muster-Pl. 1, 12345 Musterstadt';

const letter = {
  channel: 'post',
  purpose: 'product-news',
  basis: 'legitimate_interest',
  captured_at: '2026-11-02T08:00:00Z',
  captured_by: 'Ari',
  evidence: { source: 'order 17', balancing: 'A customer of ours; letters twice a year.' },
};

describe.each(databases)('a no to an address in another spelling on %s', (name) => {
  let test: TestApi;
  beforeEach(async () => {
    test = await openTestApi(name);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  async function carlaIsIn(email = 'carla@example.org') {
    await signUp(test.app, email, ['product-news:post'], 'fair', address);
    await confirmSignup(test.app, await newestToken(test.app, email), aClient);
  }

  async function decided(contactPoint: string, channel = 'post') {
    const question = { purpose: 'product-news', channel, contact_points: [contactPoint] };
    const { body } = await test.call('/decisions', question);
    const [{ allowed, reason }] = body.decisions as [{ allowed: boolean; reason: string }];
    return { allowed, reason };
  }

  async function scrubbed(contactPoint: string, channel: 'post' | 'email' = 'post') {
    const line = JSON.stringify({ contact_point: contactPoint });
    let text = '';
    const question = { purpose: 'product-news', channel, audience: 'consumer', jurisdiction: 'DE' } as const;
    for await (const { bytes } of scrub(
      test.app,
      question,
      'ndjson',
      Readable.from([Buffer.from(`${line}\n`)]),
    ))
      text += bytes;
    const { allowed, reason } = JSON.parse(text);
    return { allowed, reason };
  }

  it('hits whoever is meant, in each spelling of the cases, and says that it matched one', async () => {
    for (const [index, { contact_point }] of cases.objections_that_must_hit.entries()) {
      await test.close();
      test = await openTestApi(name);
      await carlaIsIn(`carla${index}@example.org`);
      expect(await decided(asGiven)).toEqual({ allowed: true, reason: 'consent_active' });
      const answer = await test.call('/withdrawals', { contact_point, how: 'letter' });
      expect(answer, contact_point).toMatchObject({ status: 200, body: { matched: 1 } });
      const { allowed, reason } = await decided(asGiven);
      expect({ allowed, known: ['withdrawn', 'suppressed_objection'].includes(reason) }).toEqual({
        allowed: false,
        known: true,
      });
      expect(await scrubbed(asGiven)).toEqual({ allowed, reason });
    }
  });

  it('leaves the neighbours alone and says that it matched nobody', async () => {
    await carlaIsIn();
    for (const contact_point of [...cases.must_not_hit, ...cases.others_that_must_not_hit]) {
      const answer = await test.call('/withdrawals', { contact_point, how: 'letter' });
      expect(answer, contact_point).toMatchObject({ status: 200, body: { matched: 0, suppressed: true } });
      expect(await decided(asGiven)).toEqual({ allowed: true, reason: 'consent_active' });
    }
  });

  it.each([
    ['as it was given', asGiven, 'C. Beispiel\nGraf-Muster-Platz 1\n12345 Musterstadt'],
    ['in another spelling', otherwise, asGiven],
  ])('blocks whoever comes after it, said %s', async (_, said, comes) => {
    await test.call('/withdrawals', { contact_point: said, how: 'letter' });
    const capture = await test.call('/consents', { ...letter, contact_point: comes });
    expect(capture).toMatchObject({ status: 201, body: { usable: false, reason: 'suppressed_objection' } });
    expect(await decided(comes)).toEqual({ allowed: false, reason: 'suppressed_objection' });
    expect(await scrubbed(comes)).toEqual({ allowed: false, reason: 'suppressed_objection' });
    let list = '';
    for await (const rows of exportSuppressions(test.app, { plain: true })) list += rows;
    expect(list).toContain(comes.split('\n')[0]);
  });

  it('blocks another spelling of somebody who has withdrawn, whose own new yes holds', async () => {
    await carlaIsIn();
    await test.call('/withdrawals', { contact_point: asGiven, how: 'letter' });
    const old = 'Carla Beispiel\nGraf-Muster-Pl. 1\n12345 Musterstadt';
    await test.call('/consents', { ...letter, contact_point: old });
    expect(await decided(old)).toEqual({ allowed: false, reason: 'suppressed_objection' });
    test.pass({ days: 2 });
    await carlaIsIn();
    expect(await decided(asGiven)).toEqual({ allowed: true, reason: 'consent_active' });
  });

  it.each([undefined, 'product-news'])(
    'meets other spellings after an import of it for %s',
    async (purpose) => {
      const [address] = parseAddress(test.app.keys, asGiven, 'post');
      if (!address) throw new Error('no address');
      await test.app.db
        .transaction()
        .execute((tx) =>
          recordImportedNo(
            tx,
            test.app,
            { address, state: 'withdrawn', purpose, typed: {} },
            'imp_1',
            emptyBatch(),
          ),
        );
      expect(await decided(otherwise)).toEqual({ allowed: false, reason: 'suppressed_objection' });
    },
  );

  it('makes nobody else a permission out of a yes in another spelling', async () => {
    await carlaIsIn();
    const maxs = 'Carla Beispiel\nGraf-Muster-Platz 1\n12345 Musterstadt';
    expect(await decided(maxs)).toEqual({ allowed: false, reason: 'no_permission' });
  });

  it('meets addresses that are older than the comparison once they are worked out', async () => {
    await carlaIsIn();
    await test.app.db.updateTable('contact_points').set({ wide_hash: '?' }).execute();
    expect(await fillWideHashes(test.app)).toEqual({ filled: 2 });
    const answer = await test.call('/withdrawals', { contact_point: otherwise, how: 'letter' });
    expect(answer.body).toMatchObject({ matched: 1 });
  });

  it.each([
    ['anna+news@example.org', 'anna@example.org'],
    ['anna@example.org', 'anna+news@example.org'],
    ['anna+old@example.org', 'anna+news@example.org'],
  ])('takes %s and %s for one mailbox', async (said, known) => {
    await signUp(test.app, known, ['product-news:email'], 'newsletter');
    await confirmSignup(test.app, await newestToken(test.app, known), aClient);
    const answer = await test.call('/withdrawals', { contact_point: said, how: 'telephone' });
    expect(answer.body).toMatchObject({ matched: 1, changes: [{ to: 'withdrawn' }] });
    expect(await decided(known, 'email')).toEqual({ allowed: false, reason: 'withdrawn' });
  });

  it('blocks a mailbox that nobody knew whatever its sub-address, until its owner says yes there', async () => {
    await test.call('/withdrawals', { contact_point: 'anna+news@example.org', how: 'telephone' });
    for (const one of ['anna@example.org', 'anna+shop@example.org', 'anna+news@example.org']) {
      expect(await decided(one, 'email')).toEqual({ allowed: false, reason: 'suppressed_objection' });
      expect(await scrubbed(one, 'email')).toEqual({ allowed: false, reason: 'suppressed_objection' });
    }
    await signUp(test.app, 'anna+shop@example.org', ['product-news:email'], 'newsletter');
    await confirmSignup(test.app, await newestToken(test.app, 'anna+shop@example.org'), aClient);
    expect(await decided('anna+shop@example.org', 'email')).toEqual({
      allowed: true,
      reason: 'consent_active',
    });
  });
});

describe.each(databases)('the look-up of a blocked address on %s', (name) => {
  let test: TestApi;
  beforeEach(async () => {
    test = await openTestApi(name);
  });
  afterEach(async () => test.close());

  interface LookUp {
    known: boolean;
    blocked: { since: string; reason: string } | null;
    suppressions: object[];
    permissions: {
      purpose: string;
      channel: string;
      allowed: boolean;
      reason: string;
      since: string | null;
    }[];
  }
  const lookUp = async (contact_point: string) =>
    (await test.call('/permissions/lookup', { contact_point })).body as unknown as LookUp;

  it.each([
    ['fremd@example.org', {}, 'email'],
    ['+49 30 23125014', { channel: 'phone' }, 'phone'],
    ['Lotte Probe\nBeispielweg 7\n12345 Musterstadt', {}, 'post'],
  ])('says since when and why for %s, who stays unknown', async (contact_point, more, channel) => {
    const since = test.app.now().toISOString();
    await test.call('/withdrawals', { contact_point, how: 'phone', ...more });
    test.pass({ days: 1 });
    const found = await lookUp(contact_point);
    expect(found).toMatchObject({ known: false, blocked: { since, reason: 'suppressed_objection' } });
    expect(found.suppressions).toContainEqual({ channel, purpose: null, reason: 'objection', since });
    for (const cell of found.permissions) {
      const blocked = cell.channel === channel;
      expect(cell).toMatchObject({
        allowed: false,
        reason: blocked ? 'suppressed_objection' : 'no_permission',
        since: blocked ? since : null,
      });
    }
  });

  it('tells a no to one purpose from the others', async () => {
    const said = {
      contact_point: 'fremd2@example.org',
      purpose: 'product-news',
      channel: 'email',
      how: 'letter',
    };
    await test.call('/withdrawals', said);
    const { permissions } = await lookUp('fremd2@example.org');
    for (const { purpose, channel, ...cell } of permissions) {
      const hit = purpose === 'product-news' && channel === 'email';
      expect(cell).toMatchObject({ allowed: false, reason: hit ? 'suppressed_objection' : 'no_permission' });
    }
  });

  it.each(['bounce', 'complaint'] as const)(
    'tells of a %s for somebody known, besides their permissions',
    async (reason) => {
      const email = 'carol@example.org';
      await signUp(test.app, email, ['product-news:email']);
      await confirmSignup(test.app, await newestToken(test.app, email), aClient);
      const [point] = await test.app.db
        .selectFrom('contact_points')
        .select(['lookup_hash'])
        .where('lookup_hash', 'is not', null)
        .execute();
      const at = test.app.now().toISOString();
      await test.app.db
        .insertInto('suppressions')
        .values({
          id: '0197d000-0000-7000-8000-000000000001',
          channel: 'email',
          lookup_hash: point?.lookup_hash ?? '',
          purpose_id: null,
          reason,
          created_at: at,
          until: null,
          lifted_at: null,
        })
        .execute();
      const found = await lookUp(email);
      expect(found).toMatchObject({ known: true, blocked: { since: at, reason: `suppressed_${reason}` } });
      const cell = found.permissions.find((one) => one.purpose === 'product-news' && one.channel === 'email');
      expect(cell).toMatchObject({ state: 'granted', allowed: false, reason: `suppressed_${reason}` });
    },
  );

  it('finds a block by each spelling', async () => {
    await test.call('/withdrawals', { contact_point: asGiven, how: 'letter' });
    for (const { contact_point } of cases.objections_that_must_hit) {
      expect((await lookUp(contact_point)).blocked, contact_point).toMatchObject({
        reason: 'suppressed_objection',
      });
    }
    for (const contact_point of cases.must_not_hit) {
      expect((await lookUp(contact_point)).blocked, contact_point).toBeNull();
    }
  });
});

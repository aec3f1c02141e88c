import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  approveCustomerRule,
  listCustomerRules,
  proposeCustomerRule,
  retireCustomerRule,
} from '#src/controllers/customer-rules.ts';
import { type Actor, NotAllowed } from '#src/staff/actor.ts';
import { aMember } from '#tests/staff/desk.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('what customers may be offered, on %s', (name) => {
  let test: TestApi;
  let legal: Actor;
  let legal2: Actor;
  let marketing: Actor;
  let controllerId: string;
  beforeEach(async () => {
    test = await openTestApi(name);
    const row = await test.app.db.selectFrom('controllers').select('id').executeTakeFirstOrThrow();
    controllerId = row.id;
    legal = await aMember(test.app, 'legal', 'lea@example.org');
    legal2 = await aMember(test.app, 'legal', 'leo@example.org');
    marketing = await aMember(test.app, 'marketing', 'mia@example.org');
  });
  afterEach(() => test.close());

  async function approved(rule: {
    kind: 'similar_line' | 'account' | 'notice';
    line?: string;
    similarTo?: string;
  }) {
    const { kind, line = null, similarTo = null } = rule;
    const reason = 'The same need: what a mower is run with.';
    const all = { controllerId, kind, line, similarTo, reason };
    expect(await proposeCustomerRule(test.app, legal, all)).toBe('proposed');
    const waiting = (await listCustomerRules(test.app.db)).find(({ approved_at }) => approved_at === null);
    expect(await approveCustomerRule(test.app, legal2, waiting?.id ?? '')).toBe('approved');
    return waiting?.id ?? '';
  }

  const customer = {
    ...{ contact_point: 'anna@example.org', channel: 'email', purpose: 'product-news' },
    ...{ basis: 'existing_customer', captured_at: '2026-10-01T10:00:00Z', captured_by: 'shop' },
  };
  const notice = {
    ...{ product_line: 'Lawn mowers', address_from_customer: true },
    ...{ notice_text_version: 'product-news/email/de@1.0', notice_shown_at: '2026-10-01T10:00:00Z' },
  };
  const sale = { ...notice, sale_id: 'o-1', sale_date: '2026-10-01' };
  const account = { ...notice, account_id: 'a-1', opened_at: '2026-10-01' };
  const capture = (evidence: object) => test.call('/consents', { ...customer, evidence });

  async function offers(product_line: string | undefined, more: object = {}) {
    const asked = { purpose: 'product-news', channel: 'email', contact_points: ['anna@example.org'] };
    const { body } = await test.call('/decisions', { ...asked, product_line, ...more });
    return (body.decisions as { allowed: boolean; reason: string }[])[0];
  }

  it('is the line they bought, in any spelling, and no other', async () => {
    await capture(sale);
    for (const line of [undefined, 'Lawn mowers', ' lawn   MOWERS']) {
      expect(await offers(line)).toMatchObject({ allowed: true, reason: 'existing_customer' });
    }
    expect(await offers('Drills')).toMatchObject({ allowed: false, reason: 'not_similar' });
  });

  it('is a similar line once a second person has approved it, in one direction, until it is retired', async () => {
    await capture(sale);
    const reason = 'The same need: what a mower is run with.';
    const rule = {
      controllerId,
      kind: 'similar_line',
      line: 'Lawn Mowers',
      similarTo: 'Blades',
      reason,
    } as const;
    await proposeCustomerRule(test.app, legal, rule);
    const [waiting] = await listCustomerRules(test.app.db);
    expect(await offers('blades')).toMatchObject({ reason: 'not_similar' });
    expect(await approveCustomerRule(test.app, legal, waiting?.id ?? '')).toBe('own');
    expect(await offers('blades')).toMatchObject({ reason: 'not_similar' });
    const before = test.app.now().toISOString();
    test.pass({ hours: 1 });
    expect(await approveCustomerRule(test.app, legal2, waiting?.id ?? '')).toBe('approved');
    expect(await offers('blades')).toMatchObject({ allowed: true });
    test.pass({ hours: 1 });
    expect(await offers('blades', { at: before })).toMatchObject({ reason: 'not_similar' });
    await test.call('/consents', {
      ...customer,
      contact_point: 'bob@example.org',
      evidence: { ...sale, product_line: 'Blades' },
    });
    expect(await offers('Lawn mowers', { contact_points: ['bob@example.org'] })).toMatchObject({
      reason: 'not_similar',
    });
    expect(await retireCustomerRule(test.app, legal, waiting?.id ?? '')).toBe('retired');
    expect(await offers('blades')).toMatchObject({ reason: 'not_similar' });
    expect(await approveCustomerRule(test.app, legal2, waiting?.id ?? '')).toBe('nothing_to_approve');
  });

  it('rests on an account only once legal has approved that', async () => {
    expect((await capture(account)).body).toMatchObject({ usable: false, reason: 'evidence_incomplete' });
    const id = await approved({ kind: 'account' });
    expect(await offers('Lawn mowers')).toMatchObject({ allowed: true, reason: 'existing_customer' });
    await retireCustomerRule(test.app, legal, id);
    expect(await offers('Lawn mowers')).toMatchObject({ allowed: false, reason: 'evidence_incomplete' });
  });

  it('needs a notice with words that were in use when it was shown', async () => {
    const refused = async (evidence: object, code: string) =>
      expect(await capture(evidence)).toMatchObject({ status: 422, body: { errors: [{ code }] } });
    await refused({ ...sale, notice_text_version: 'product-news/email/de@9.9' }, 'unknown');
    await refused({ ...sale, notice_text_version: 'notice/order@1' }, 'unknown');
    const early = { ...sale, sale_date: '2025-10-01', notice_shown_at: '2025-10-01T10:00:00Z' };
    await refused(early, 'notice_not_live');
    await refused({ ...sale, notice_shown_at: '2026-10-05T10:00:00Z' }, 'after_collection');
    await approved({ kind: 'notice', line: 'notice/order@1' });
    await refused({ ...sale, notice_text_version: 'notice/order@1' }, 'notice_not_live');
    const today = test.app.now().toISOString();
    const now = { ...sale, sale_date: today, notice_shown_at: today, notice_text_version: 'notice/order@1' };
    expect((await capture(now)).body).toMatchObject({ usable: true });
  });

  it('is for legal to say, with two lines and a reason', async () => {
    const rule = {
      controllerId,
      kind: 'similar_line',
      line: 'a',
      similarTo: 'b',
      reason: 'A longer reason.',
    } as const;
    await expect(proposeCustomerRule(test.app, marketing, rule)).rejects.toThrow(NotAllowed);
    for (const faulty of [{ reason: 'short' }, { line: ' ' }, { similarTo: '' }, { similarTo: 'A' }]) {
      expect(await proposeCustomerRule(test.app, legal, { ...rule, ...faulty })).toBe('faulty');
    }
    expect(await proposeCustomerRule(test.app, legal, rule)).toBe('proposed');
    expect(await proposeCustomerRule(test.app, legal2, rule)).toBe('there_already');
  });
});

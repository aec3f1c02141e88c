import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { liftRefusal } from '#src/permissions/lift-refusal.ts';
import { lookUpAddress } from '#src/permissions/look-up-address.ts';
import { findAtDesk } from '#src/permissions/look-up-person.ts';
import { withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import type { Actor } from '#src/staff/actor.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const carla = 'Carla Beispiel\nWeg 1\n12345 Musterstadt';
const conrad = 'Conrad Beispiel\nWeg 1\n12345 Musterstadt';
const either = 'C. Beispiel, Weg 1, 12345 Musterstadt';

const agent: Actor = { id: 'stf_1', email: 'ari@example.org', name: 'Ari', role: 'agent', locale: null };

describe.each(databases)('a no that may mean two people on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(async () => test.close());

  async function isIn(given_name: string): Promise<string> {
    const email = `${given_name.toLowerCase()}@example.org`;
    const place = { family_name: 'Beispiel', street: 'Weg 1', postal_code: '12345', city: 'Musterstadt' };
    await signUp(test.app, email, ['product-news:post', 'product-news:email'], 'fair', {
      given_name,
      ...place,
    });
    await confirmSignup(test.app, await newestToken(test.app, email), aClient);
    const found = await lookUpAddress(
      test.app,
      agent,
      `${given_name} Beispiel\nWeg 1\n12345 Musterstadt`,
      'post',
    );
    return found.outcome === 'found' ? (found.contactPointIds[0] ?? '') : '';
  }

  async function reasons(contactPoints: string[], channel: 'post' | 'email' = 'post') {
    const question = { purpose: 'product-news', channel, audience: 'consumer', jurisdiction: 'DE' } as const;
    const decided = await decideContacts(test.app, test.app.db, question, contactPoints);
    return decided.map(({ decision }) => decision.reason);
  }

  it('blocks both, shows both to the agent, and is lifted for one with a reason', async () => {
    const ids = [await isIn('Carla'), await isIn('Conrad')];
    const result = await withdrawAtDesk(test.app, agent, { contactPoint: either, how: 'letter' });
    expect(result).toMatchObject({ outcome: 'withdrawn', matched: 2, changes: [], suppressed: true });
    expect(result.outcome === 'withdrawn' && result.candidates).toEqual(
      ids.map((contactPointId) => ({ contactPointId, blocked: true })),
    );
    expect(await reasons([carla, conrad])).toEqual(['suppressed_objection', 'suppressed_objection']);
    expect(await reasons(['carla@example.org'], 'email')).toEqual(['suppressed_objection']);
    const person = await findAtDesk(test.app, agent, ids[1] ?? '', 'de');
    const block = person?.blocks.find(({ channel }) => channel === 'post');
    expect(block).toMatchObject({ reason: 'objection', purpose: null, refusalId: expect.any(String) });
    const lift = { refusalId: block?.refusalId ?? '', reason: 'Conrad rang us: it was his wife.' };
    expect(await liftRefusal(test.app, agent, ids[1] ?? '', lift)).toBe('lifted');
    expect(await reasons([carla, conrad])).toEqual(['suppressed_objection', 'consent_active']);
    expect(await reasons(['conrad@example.org'], 'email')).toEqual(['consent_active']);
    expect(await liftRefusal(test.app, agent, ids[1] ?? '', lift)).toBe('nothing');
    const [entry] = await test.app.db
      .selectFrom('audit_entries')
      .select(['act', 'details'])
      .where('act', '=', 'permissions.block_lifted')
      .execute();
    expect(entry?.details).toContain('it was his wife');
  });

  it('lets nobody lift what may not capture', async () => {
    const auditor: Actor = { ...agent, role: 'auditor' };
    await expect(liftRefusal(test.app, auditor, 'x', { refusalId: 'y', reason: 'z' })).rejects.toThrow();
  });

  it('shows the agent who may be meant before anybody is blocked, and finds the block afterwards', async () => {
    const id = await isIn('Carla');
    expect(await lookUpAddress(test.app, agent, either, 'post')).toEqual({
      outcome: 'unknown',
      blocks: [],
      candidateIds: [id],
    });
    const since = test.app.now().toISOString();
    await withdrawAtDesk(test.app, agent, { contactPoint: either, how: 'letter' });
    expect(await lookUpAddress(test.app, agent, either, 'post')).toMatchObject({
      blocks: [{ channel: 'post', purpose: null, reason: 'objection', since }],
    });
  });
});

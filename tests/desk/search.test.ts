import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { searchDesk, searchPeople } from '#src/desk/search.ts';
import { translator } from '#src/i18n/translate.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import type { Actor } from '#src/staff/actor.ts';
import { actsOf, aMember } from '#tests/staff/desk.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const english = translator('en');

describe.each(databases)('the search of the desk on %s', (name) => {
  let test: TestApp;
  let agent: Actor;
  beforeEach(async () => {
    test = await openTestApp(name);
    agent = await aMember(test.app, 'agent');
  });
  afterEach(() => test.close());

  const aliceSignsUp = async () => {
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, 'alice@example.org'), aClient);
  };
  const hitsOf = async (actor: Actor, typed: string) =>
    (await searchDesk(test.app, actor, english, typed)).map(({ kind, href }) => `${kind} ${href}`);

  it('finds a person by the exact address, and writes the look-up down without it', async () => {
    await aliceSignsUp();
    expect(await searchPeople(test.app, agent, 'Alice@example.org')).toMatchObject({ outcome: 'found' });
    const trail = await test.app.db.selectFrom('audit_entries').selectAll().execute();
    expect(trail.map(({ act }) => act)).toContain('permissions.looked_up');
    expect(JSON.stringify(trail).toLowerCase()).not.toContain('alice');
  });

  it('says that nobody is known, for an address and for a number on each of its channels', async () => {
    expect(await searchPeople(test.app, agent, 'bob@example.org')).toEqual({
      outcome: 'unknown',
      channel: 'email',
    });
    expect(await searchPeople(test.app, agent, '+49 1512 3456789')).toEqual({
      outcome: 'unknown',
      channel: 'phone',
    });
    expect((await actsOf(test.app)).filter((act) => act === 'permissions.looked_up')).toHaveLength(4);
  });

  it('looks nobody up for a word, nor for a role that may not', async () => {
    const marketing = await aMember(test.app, 'marketing');
    expect(await searchPeople(test.app, agent, 'Alice')).toEqual({ outcome: 'not_asked' });
    expect(await searchPeople(test.app, marketing, 'alice@example.org')).toEqual({ outcome: 'not_asked' });
    expect(await actsOf(test.app)).not.toContain('permissions.looked_up');
  });

  it('finds pages, purposes, texts, forms and companies by their words', async () => {
    expect(await hitsOf(agent, 'letters')).toContain('page /staff/letters');
    expect(await hitsOf(agent, 'product-news')).toContain('purpose /staff/purposes/product-news');
    expect(await hitsOf(agent, 'newsletter')).toContain('form /staff/forms/newsletter');
    expect(await hitsOf(agent, 'Muster Werkzeuge')).toContain(
      'controller /staff/controllers/muster-werkzeuge',
    );
    expect((await hitsOf(agent, 'withdraw e-mail')).some((hit) => hit.startsWith('text '))).toBe(true);
    expect(await hitsOf(agent, '')).toEqual([]);
  });

  it('shows nothing that the role may not open', async () => {
    const admin = await aMember(test.app, 'admin');
    expect(await hitsOf(admin, 'audit trail')).toContain('page /staff/audit');
    expect(await hitsOf(agent, 'audit trail')).toEqual([]);
    expect(await hitsOf(admin, admin.name)).toContain(`staff /staff/people/${admin.id}`);
    expect(await hitsOf(agent, admin.name)).toEqual([]);
  });
});

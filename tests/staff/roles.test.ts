import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Actor, NotAllowed, requireAbility } from '#src/staff/actor.ts';
import { abilities, mayDo, pageRule, roles } from '#src/staff/roles.ts';

const pages = globSync('src/pages/staff/**/*.{astro,ts}').filter((file) => !/\/_/.test(file));
const addressOf = (file: string) =>
  file
    .replace('src/pages', '')
    .replace(/\.(astro|ts)$/, '')
    .replace(/\/index$/, '')
    .replace(/\[\w+\]/g, 'x');

describe('the table of pages', () => {
  it('has a rule for every page there is', () => {
    expect(pages.length).toBeGreaterThan(15);
    expect(pages.filter((file) => !pageRule(addressOf(file)))).toEqual([]);
  });

  it('closes every address that it does not name', () => {
    const strangers = [
      '/staff/nope',
      '/staff/sign-in/more',
      '/staffing',
      '/staff/audit/x',
      '/',
      '/f/newsletter',
    ];
    expect(strangers.filter((address) => pageRule(address))).toEqual([]);
  });

  it('opens nothing but the way in to whoever is not signed in', () => {
    const open = pages.map(addressOf).filter((address) => pageRule(address)?.read === 'anyone');
    expect(open.sort()).toEqual([
      '/staff/code',
      '/staff/password',
      '/staff/password/x',
      '/staff/resume',
      '/staff/sign-in',
      '/staff/sign-out',
    ]);
  });
});

describe('the table of abilities', () => {
  const names = Object.keys(abilities) as (keyof typeof abilities)[];

  it('lets an auditor read everything and change nothing but the own account', () => {
    const allowed = names.filter((ability) => mayDo('auditor', ability));
    expect(allowed.sort()).toEqual(
      [...names.filter((ability) => ability.endsWith('.read')), 'account.change'].sort(),
    );
  });

  it('lets an admin do everything', () => {
    expect(names.filter((ability) => !mayDo('admin', ability))).toEqual([]);
  });

  it('lets only legal and admin approve texts, and only admin let people in', () => {
    expect(roles.filter((role) => mayDo(role, 'texts.approve'))).toEqual(['admin', 'legal']);
    expect(roles.filter((role) => mayDo(role, 'staff.change'))).toEqual(['admin']);
  });

  it('lets only legal and admin approve keys, and only admin make them', () => {
    expect(roles.filter((role) => mayDo(role, 'keys.approve'))).toEqual(['admin', 'legal']);
    expect(roles.filter((role) => mayDo(role, 'keys.write'))).toEqual(['admin']);
  });

  it('is held by use cases as well', () => {
    const agent: Actor = { id: 'x', email: 'x@example.org', name: 'X', role: 'agent', locale: null };
    expect(() => requireAbility(agent, 'texts.approve')).toThrow(NotAllowed);
    expect(() => requireAbility(agent, 'permissions.capture')).not.toThrow();
  });
});

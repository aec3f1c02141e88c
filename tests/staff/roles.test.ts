import { describe, expect, it } from 'vitest';
import { type Actor, NotAllowed, requireAbility } from '#src/staff/actor.ts';
import { abilities, mayDo, roles } from '#src/staff/roles.ts';

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

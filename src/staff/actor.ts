import type { Locale } from '#db/schema/vocabulary.ts';
import { type Ability, mayDo, type Role } from './roles.ts';

/** Who acts at a desk. */
export interface Actor {
  id: string;
  email: string;
  name: string;
  role: Role;
  locale: Locale | null;
}

/** Thrown by a use case that this role may not use. The pages never offer it; this holds it all the same. */
export class NotAllowed extends Error {
  readonly ability: Ability;

  constructor(actor: Actor, ability: Ability) {
    super(`The role ${actor.role} may not do ${ability}.`);
    this.name = 'NotAllowed';
    this.ability = ability;
  }
}

export function requireAbility(actor: Actor, ability: Ability): void {
  if (!mayDo(actor.role, ability)) throw new NotAllowed(actor, ability);
}

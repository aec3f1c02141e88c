import type { Locale } from '#db/schema.ts';
import { type Act, mayDo, type Role } from './roles.ts';

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
  readonly act: Act;

  constructor(actor: Actor, act: Act) {
    super(`The role ${actor.role} may not do ${act}.`);
    this.name = 'NotAllowed';
    this.act = act;
  }
}

export function requireRole(actor: Actor, act: Act): void {
  if (!mayDo(actor.role, act)) throw new NotAllowed(actor, act);
}

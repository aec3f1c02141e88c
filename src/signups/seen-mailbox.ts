import { actsReadFirst } from '#db/acts.ts';
import type { App } from '#src/app/app.ts';
import { type FoundMailbox, findMailbox, lookupHash } from '#src/people/contact-points.ts';
import { trimSpaces } from '#src/people/hidden-characters.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';

/** A mailbox that was looked up before all of a submission was read. */
export interface SeenMailbox {
  lookup: string;
  known: Promise<FoundMailbox | undefined>;
}

/**
 * Begins to look for the mailbox while the rest of a submission is read. Good for an act: a new mailbox can only be added
 * once, and one that is known is looked up again in a transaction.
 */
export function lookAhead(app: App, typed: string): SeenMailbox | undefined {
  if (!actsReadFirst(app.db)) return undefined;
  const mailbox = normaliseContactPoint('email', trimSpaces(typed));
  if (!mailbox.ok) return undefined;
  const lookup = lookupHash(app.keys, 'email', mailbox.value);
  const known = findMailbox(app.db, app.keys, lookup);
  // Awaited by the signup, if there is one.
  known.catch(() => undefined);
  return { lookup, known };
}

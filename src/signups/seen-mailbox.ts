import { actsReadFirst } from '#db/acts.ts';
import type { App } from '#src/app/app.ts';
import { type FoundMailbox, findMailbox, lookupHash } from '#src/people/contact-points.ts';
import { trimSpaces } from '#src/people/hidden-characters.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';

/** A mailbox that was looked up while the submission was still being read. */
export interface SeenMailbox {
  lookup: string;
  known: Promise<FoundMailbox | undefined>;
}

/**
 * Starts to look up the mailbox while the rest of a submission is read. That is safe for an act: a new mailbox can only be
 * added once, and a known one is looked up again in a transaction.
 */
export function lookAhead(app: App, typed: string): SeenMailbox | undefined {
  if (!actsReadFirst(app.db)) return undefined;
  const mailbox = normaliseContactPoint('email', trimSpaces(typed));
  if (!mailbox.ok) return undefined;
  const lookup = lookupHash(app.keys, 'email', mailbox.value);
  const known = findMailbox(app.db, app.keys, lookup);
  // The signup awaits it, if there is one.
  known.catch(() => undefined);
  return { lookup, known };
}

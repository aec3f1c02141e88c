import type { Tx } from '#db/connect.ts';
import { isOptimistic, supportsOptimistic } from '#db/optimistic.ts';
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
 * Begins to look for the mailbox while the rest of a submission is read. For an act that hopes: a new mailbox can only be
 * added once, and one that is known is looked up again.
 */
export function lookAhead(app: App, typed: string): SeenMailbox | undefined {
  if (!supportsOptimistic(app.db)) return undefined;
  const mailbox = normaliseContactPoint('email', trimSpaces(typed));
  if (!mailbox.ok) return undefined;
  const lookup = lookupHash(app.keys, 'email', mailbox.value);
  const known = findMailbox(app.db, app.keys, lookup);
  // Awaited by the act, if it comes to that.
  known.catch(() => undefined);
  return { lookup, known };
}

/** What was seen of this very mailbox, where the act notices by itself if it has changed since. */
export function seenIfOptimistic(
  tx: Tx,
  lookup: string,
  seen: SeenMailbox | undefined,
): SeenMailbox | undefined {
  return isOptimistic(tx) && seen?.lookup === lookup ? seen : undefined;
}

import type { App } from '#src/app/app.ts';
import { contactPointBodies, isUnreadable } from './contact-point-entry.ts';
import { type EntryBody, isSameBody } from './entry-body.ts';
import type { Find, LoggedEntry } from './finding.ts';

/** Compares each address that a page of entries speaks of with what was logged of it: whose it is, and a commitment to it. */
export async function verifyAddresses(
  { db, keys }: Pick<App, 'db' | 'keys'>,
  page: LoggedEntry[],
  find: Find,
): Promise<void> {
  const entries = page.filter(({ kind }) => kind === 'contact_point');
  if (entries.length === 0) return;
  const refs = entries.map(({ ref }) => ref);
  const now = await contactPointBodies(db, keys, refs);
  for (const { idx, ref, body } of entries) {
    const row = now.get(ref);
    const about = { table: 'contact_points', id: ref, index: idx };
    const logged = JSON.parse(body) as EntryBody;
    if (isUnreadable(logged)) {
      const message = `Row ${ref} of contact_points could not be decrypted when it was logged: nothing shows which address it was.`;
      find({ ...about, kind: 'unreadable', message });
    } else if (!row) {
      find({ ...about, kind: 'missing', message: `Row ${ref} of contact_points was logged and is gone.` });
    } else if (!sameAddress(logged, row)) {
      const message = `Row ${ref} of contact_points is not the address that was logged.`;
      find({ ...about, kind: 'changed', message });
    }
  }
}

function sameAddress(logged: EntryBody, now: EntryBody): boolean {
  const { logged_at: _, ...then } = logged;
  // Of an erased person. What cannot be decrypted says so, and differs.
  if (now.commitment === null) then.commitment = null;
  return isSameBody(then, now);
}

import type { App } from '#src/app/app.ts';
import { contactPointBodies, isUnreadable } from './contact-point-entry.ts';
import { canonicalJson, type EntryBody } from './entry-body.ts';
import { type Find, verifyPage } from './finding.ts';

/** Compares each address with what was logged of it: whose it is, and a commitment to its value. */
export async function verifyAddresses({ db, keys }: Pick<App, 'db' | 'keys'>, find: Find): Promise<void> {
  for (let after = -1; ; ) {
    const rows = await db
      .selectFrom('log_entries')
      .select(['idx', 'ref', 'body'])
      .where('kind', '=', 'contact_point')
      .where('idx', '>', after)
      .orderBy('idx')
      .limit(verifyPage)
      .execute();
    const last = rows.at(-1);
    if (!last) return;
    after = Number(last.idx);
    const now = await contactPointBodies(
      db,
      keys,
      rows.map(({ ref }) => ref),
    );
    for (const { idx, ref, body } of rows) {
      const row = now.get(ref);
      const about = { table: 'contact_points', id: ref, index: Number(idx) };
      const logged = JSON.parse(body) as EntryBody;
      if (isUnreadable(logged)) {
        const message = `Row ${ref} of contact_points could not be decrypted when it was logged: nothing shows which address it was.`;
        find({ ...about, kind: 'unreadable', message });
      } else if (!row)
        find({ ...about, kind: 'missing', message: `Row ${ref} of contact_points was logged and is gone.` });
      else if (!sameAddress(logged, row)) {
        find({
          ...about,
          kind: 'changed',
          message: `Row ${ref} of contact_points is not the address that was logged.`,
        });
      }
    }
  }
}

function sameAddress(logged: EntryBody, now: EntryBody): boolean {
  const { logged_at: _, ...then } = logged;
  // Of an erased person. What cannot be decrypted says so, and differs.
  if (now.commitment === null) then.commitment = null;
  return canonicalJson(then) === canonicalJson(now);
}

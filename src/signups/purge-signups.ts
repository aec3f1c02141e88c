import type { Fence, Tx } from '#db/connect.ts';
import { lockRows } from '#db/locks.ts';
import type { App } from '#src/app/app.ts';
import { rememberLinks } from './purged-links.ts';

/**
 * Deletes requests that were never confirmed, and the people behind them, unless something else is known of them.
 *
 * Their events stay, as all events do, but nothing personal in them can be read any more, because the key is deleted.
 * Returns how many signups and people were deleted.
 */
export async function purgeSignups(
  app: App,
  fence?: Fence,
  most = 100,
): Promise<{ signups: number; people: number }> {
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx) => {
    await fence?.(tx);
    const unconfirmed = await dueSignups(tx, at).where('state', '<>', 'confirmed').limit(most).execute();
    // Confirmed ones are in no index of what is due, so they are looked for only when nothing else is left.
    const found = unconfirmed.length > 0 ? unconfirmed : await dueSignups(tx, at).limit(most).execute();
    if (found.length === 0) return { signups: 0, people: 0 };
    await lockRows(
      tx,
      'contact_points',
      found.map((row) => row.contact_point_id),
    );
    // Read again under the lock: meanwhile someone may have asked for a new mail, or another process may have purged.
    const foundIds = found.map((row) => row.id);
    const due = await dueSignups(tx, at).where('id', 'in', foundIds).execute();
    if (due.length === 0) return { signups: 0, people: 0 };
    const ids = due.map((row) => row.id);
    await rememberLinks(tx, app, due);
    await tx.deleteFrom('signup_items').where('signup_id', 'in', ids).execute();
    const people = [...new Set(due.map((row) => row.person_id))];
    // By the person, for which there is an index.
    await tx.deleteFrom('mails').where('person_id', 'in', people).where('signup_id', 'in', ids).execute();
    await tx.deleteFrom('signups').where('id', 'in', ids).execute();
    await logPurged(tx, ids);
    let erased = 0;
    await forgetTesters(tx, due);
    for (const personId of new Set(due.filter(({ test }) => test === 0).map((row) => row.person_id))) {
      if (await isStillNeeded(tx, personId)) continue;
      await eraseUnconfirmed(tx, personId, at);
      erased += 1;
    }
    return { signups: ids.length, people: erased };
  });
}

function dueSignups(tx: Tx, at: string) {
  return tx
    .selectFrom('signups')
    .select(['id', 'person_id', 'contact_point_id', 'test', 'generation', 'form_id', 'locale'])
    .where((eb) => eb.or([eb('state', 'not in', ['open', 'confirmed']), eb('test', '=', 1)]))
    .where('purge_at', '<=', at);
}

/** The log names what is gone, so that nobody takes it for deleted by hand. */
async function logPurged(tx: Tx, signupIds: string[]): Promise<void> {
  await tx
    .insertInto('log_queue')
    .values(signupIds.map((ref) => ({ kind: 'purged_signup', ref, note: '{}' })))
    .execute();
}

/** Each was made for one test and is in no ledger, so all of it is deleted. */
async function forgetTesters(tx: Tx, due: { person_id: string; test: number }[]): Promise<void> {
  const ids = due.filter(({ test }) => test === 1).map((row) => row.person_id);
  if (ids.length === 0) return;
  await tx.deleteFrom('contact_points').where('person_id', 'in', ids).execute();
  await tx.deleteFrom('people').where('id', 'in', ids).execute();
}

async function isStillNeeded(tx: Tx, personId: string): Promise<boolean> {
  const signup = await tx
    .selectFrom('contact_points')
    .innerJoin('signups', 'signups.contact_point_id', 'contact_points.id')
    .select('signups.id')
    .where('contact_points.person_id', '=', personId)
    .limit(1)
    .executeTakeFirst();
  if (signup) return true;
  // Proof of a permission is kept: it ends by the terms of law.md 3.8, not by this purge.
  const settled = await tx
    .selectFrom('permissions')
    .innerJoin('contact_points', 'contact_points.id', 'permissions.contact_point_id')
    .select('permissions.id')
    .where('contact_points.person_id', '=', personId)
    .where('permissions.granted_at', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return settled !== undefined;
}

async function eraseUnconfirmed(tx: Tx, personId: string, at: string): Promise<void> {
  await tx.deleteFrom('mails').where('person_id', '=', personId).execute();
  await tx.deleteFrom('evidence_files').where('person_id', '=', personId).execute();
  await tx.updateTable('evidence').set({ content_enc: null }).where('person_id', '=', personId).execute();
  await tx
    .updateTable('contact_points')
    .set({ lookup_hash: null, wide_hash: null, value_enc: null, erased_at: at })
    .where('person_id', '=', personId)
    .execute();
  await tx
    .updateTable('people')
    .set({ key_wrapped: null, details_enc: null, erased_at: at })
    .where('id', '=', personId)
    .execute();
}

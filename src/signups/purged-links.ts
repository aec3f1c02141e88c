import type { Db, Tx } from '#db/connect.ts';
import type { SignupTable } from '#db/schema/signups.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { confirmToken, tokenHash } from '#src/links/confirm-token.ts';

/**
 * What is kept of a deleted signup: the hashes of its links, with the form and the language. So a late click gets the answer
 * "deleted" with a link to the form, instead of "unknown". A hash of 256 random bits identifies nobody.
 */
const keptDays = 365;

export async function rememberLinks(
  tx: Tx,
  { keys, now }: Pick<App, 'keys' | 'now'>,
  signups: Pick<SignupTable, 'id' | 'generation' | 'form_id' | 'locale'>[],
): Promise<void> {
  const forget_at = forgetAt(now());
  const links = signups.flatMap(({ id, generation, form_id, locale }) =>
    Array.from({ length: generation }, (_, index) => ({
      token_hash: tokenHash(confirmToken(keys, id, index + 1)),
      form_id,
      locale,
      forget_at,
      signup_id: null,
    })),
  );
  if (links.length === 0) return;
  await tx
    .insertInto('purged_links')
    .values(links)
    .onConflict((conflict) => conflict.column('token_hash').doUpdateSet({ forget_at, signup_id: null }))
    .execute();
}

/** Called before a link is replaced: the signup itself keeps the hash of one replaced link only. */
export async function rememberReplacedLink(
  tx: Tx,
  at: Date,
  { id, form_id, locale, replaced_token_hash }: SignupTable,
): Promise<void> {
  if (!replaced_token_hash) return;
  await tx
    .insertInto('purged_links')
    .values({ token_hash: replaced_token_hash, form_id, locale, forget_at: forgetAt(at), signup_id: id })
    .onConflict((conflict) => conflict.column('token_hash').doNothing())
    .execute();
}

/** The signup that got two newer links after this one. */
export async function findByReplacedLink(db: Db, hash: string): Promise<SignupTable | undefined> {
  return db
    .selectFrom('purged_links')
    .innerJoin('signups', 'signups.id', 'purged_links.signup_id')
    .selectAll('signups')
    .where('purged_links.token_hash', '=', hash)
    .executeTakeFirst();
}

function forgetAt(at: Date): string {
  return new Date(at.getTime() + keptDays * 86_400_000).toISOString();
}

/** `undefined` for what was never a link of ours, or was deleted long ago. Without a form it came from the preferences. */
export async function findPurgedLink(
  { db, now }: Pick<App, 'db' | 'now'>,
  token: string,
): Promise<{ locale: Locale; form: string | null } | undefined> {
  return db
    .selectFrom('purged_links')
    .leftJoin('forms', (join) =>
      join.onRef('forms.id', '=', 'purged_links.form_id').on('forms.archived_at', 'is', null),
    )
    .select(['purged_links.locale', 'forms.key as form'])
    .where('token_hash', '=', tokenHash(token))
    .where('forget_at', '>', now().toISOString())
    .executeTakeFirst();
}

/** Deletes at most `most`. Returns how many. */
export async function forgetPurgedLinks(db: Db, at: string, most: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('purged_links')
    .where('token_hash', 'in', (eb) =>
      eb.selectFrom('purged_links').select('token_hash').where('forget_at', '<=', at).limit(most),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

import type { App } from '#src/app/app.ts';
import { forgetPurgedLinks } from '#src/signups/purged-links.ts';

/**
 * Deletes some of the counts whose window is over, of the submissions that no browser sends again, and of the hashes of
 * purged links. Returns how many.
 */
export async function forgetOldCounts({ db, now }: App, most = 1000): Promise<number> {
  const at = now().toISOString();
  const counts = await db
    .deleteFrom('rate_limits')
    .where('key_hash', 'in', (eb) =>
      eb.selectFrom('rate_limits').select('key_hash').where('resets_at', '<=', at).limit(most),
    )
    // Checked again, because a new window may have started meanwhile.
    .where('resets_at', '<=', at)
    .executeTakeFirst();
  const submissions = await db
    .deleteFrom('form_submissions')
    .where('key_hash', 'in', (eb) =>
      eb.selectFrom('form_submissions').select('key_hash').where('expires_at', '<=', at).limit(most),
    )
    .where('expires_at', '<=', at)
    .executeTakeFirst();
  const links = await forgetPurgedLinks(db, at, most);
  return Number(counts.numDeletedRows) + Number(submissions.numDeletedRows) + links;
}

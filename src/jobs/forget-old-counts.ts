import type { App } from '#src/app/app.ts';
import { forgetPurgedLinks } from '#src/signups/purged-links.ts';

/**
 * Counts whose window is over say nothing any more, and no browser sends a submission again for days. They go some at a
 * time. Returns how many that were.
 */
export async function forgetOldCounts({ db, now }: App, most = 1000): Promise<number> {
  const at = now().toISOString();
  const counts = await db
    .deleteFrom('rate_limits')
    .where('key_hash', 'in', (eb) =>
      eb.selectFrom('rate_limits').select('key_hash').where('resets_at', '<=', at).limit(most),
    )
    // Asked again: a window may have begun anew meanwhile.
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

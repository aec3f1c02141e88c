import type { App } from '#src/app.ts';

/** Counts whose window is over say nothing any more, and no browser sends a submission again for days. */
export async function forgetOldCounts(app: App): Promise<number> {
  const now = app.now().toISOString();
  const { numDeletedRows } = await app.db
    .deleteFrom('rate_limits')
    .where('resets_at', '<=', now)
    .executeTakeFirst();
  await app.db.deleteFrom('form_submissions').where('expires_at', '<=', now).execute();
  return Number(numDeletedRows);
}

import type { App } from '#src/app.ts';

/** Counts whose window is over say nothing any more. */
export async function forgetOldCounts(app: App): Promise<number> {
  const { numDeletedRows } = await app.db
    .deleteFrom('rate_limits')
    .where('resets_at', '<=', app.now().toISOString())
    .executeTakeFirst();
  return Number(numDeletedRows);
}

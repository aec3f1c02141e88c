import type { Db } from '#db/connect.ts';
import type { FormPageTable } from '#db/schema/figures.ts';

/** The pages that showed a form, the newest first. */
export async function readPages(db: Db, formId: string): Promise<Omit<FormPageTable, 'form_id'>[]> {
  return db
    .selectFrom('form_pages')
    .select(['page', 'shown', 'submitted', 'first_seen_at', 'last_seen_at'])
    .where('form_id', '=', formId)
    .orderBy('last_seen_at', 'desc')
    .orderBy('page')
    .execute();
}

const refusedDays = 30;

/**
 * Sites that recently tried to show the form and are not allowed to: a typo in the list, or a redirect from an allowed
 * site. Of sites that are not allowed only the origin is stored.
 */
export async function readRefused(
  db: Db,
  form: { id: string; allowedOrigins: string[] },
  now: Date,
): Promise<{ site: string; lastSeenAt: string }[]> {
  const since = new Date(now.getTime() - refusedDays * 86_400_000).toISOString();
  const pages = await readPages(db, form.id);
  return pages
    .filter(({ page, last_seen_at }) => last_seen_at >= since && isSite(page))
    .filter(({ page }) => !form.allowedOrigins.includes(page))
    .map(({ page: site, last_seen_at: lastSeenAt }) => ({ site, lastSeenAt }));
}

function isSite(page: string): boolean {
  return URL.canParse(page) && new URL(page).origin === page;
}

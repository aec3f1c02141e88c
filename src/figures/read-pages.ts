import type { Db } from '#db/connect.ts';
import type { FormPageTable } from '#db/schema.ts';

/** Where a form was seen, the newest first. */
export async function readPages(db: Db, formId: string): Promise<Omit<FormPageTable, 'form_id'>[]> {
  return db
    .selectFrom('form_pages')
    .select(['page', 'shown', 'submitted', 'first_seen_at', 'last_seen_at'])
    .where('form_id', '=', formId)
    .orderBy('last_seen_at', 'desc')
    .orderBy('page')
    .execute();
}

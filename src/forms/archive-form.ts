import type { App } from '#src/app/app.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';

/** Archives a form. Nothing is deleted; publishing it again restores it. */
export async function archiveForm(
  { db, now }: Pick<App, 'db' | 'now'>,
  actor: Actor,
  key: string,
): Promise<{ outcome: 'archived' | 'unknown' }> {
  requireAbility(actor, 'forms.write');
  const at = now().toISOString();
  return db.transaction().execute(async (tx) => {
    const form = await tx.selectFrom('forms').select('id').where('key', '=', key).executeTakeFirst();
    if (!form) return { outcome: 'unknown' };
    const { numUpdatedRows } = await tx
      .updateTable('forms')
      .set({ archived_at: at })
      .where('id', '=', form.id)
      .where('archived_at', 'is', null)
      .executeTakeFirst();
    if (Number(numUpdatedRows) === 1) await recordAudit(tx, at, actor, 'form.archived', `form:${key}`);
    return { outcome: 'archived' };
  });
}

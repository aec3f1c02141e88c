import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { type ControllerFault, noticeFaults } from './controller-faults.ts';

export interface NewNotice {
  version: string;
  url: string;
  note: string | null;
}

export type PublishNoticeResult =
  | { outcome: 'published' }
  | { outcome: 'unknown' }
  | { outcome: 'faulty'; faults: ControllerFault[] };

/** Publishes a new version of the privacy notice, for new forms and mails. Earlier versions stay on record. */
export async function publishNotice(
  app: App,
  actor: Actor,
  key: string,
  notice: NewNotice,
): Promise<PublishNoticeResult> {
  requireAbility(actor, 'purposes.write');
  const faults = noticeFaults(notice);
  if (faults.length > 0) return { outcome: 'faulty', faults };
  return app.db.transaction().execute(async (tx): Promise<PublishNoticeResult> => {
    const controller = await tx
      .selectFrom('controllers')
      .select(['id', 'privacy_version'])
      .where('key', '=', key)
      .executeTakeFirst();
    if (!controller) return { outcome: 'unknown' };
    const at = app.now().toISOString();
    if (!(await writeNotice(tx, controller.id, notice, at))) {
      return { outcome: 'faulty', faults: [{ field: 'version', code: 'version_taken' }] };
    }
    await tx
      .updateTable('controllers')
      .set({ privacy_url: notice.url, privacy_version: notice.version })
      .where('id', '=', controller.id)
      .execute();
    const details = { version: { from: controller.privacy_version, to: notice.version }, url: notice.url };
    await recordAudit(tx, at, actor, 'controller.notice_published', `controller:${key}`, details);
    return { outcome: 'published' };
  });
}

/** False if this version exists already. */
export async function writeNotice(
  tx: Tx,
  controllerId: string,
  notice: NewNotice,
  at: string,
): Promise<boolean> {
  const added = await tx
    .insertInto('privacy_notices')
    .values({ ...notice, id: newId(), controller_id: controllerId, valid_from: at, created_at: at })
    .onConflict((conflict) => conflict.columns(['controller_id', 'version']).doNothing())
    .returning('id')
    .execute();
  return added.length === 1;
}

import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import type { ControllerDraft } from './controller.ts';
import { type ControllerFault, controllerFaults, noticeFaults } from './controller-faults.ts';
import { writeNotice } from './publish-notice.ts';

export type AddControllerResult =
  | { outcome: 'added' | 'key_taken' | 'key_invalid' }
  | { outcome: 'faulty'; faults: ControllerFault[] };

export async function addController(
  app: App,
  actor: Actor,
  { key, draft, notice }: { key: string; draft: ControllerDraft; notice: { version: string; url: string } },
): Promise<AddControllerResult> {
  requireAbility(actor, 'purposes.write');
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(key) || key.length > 60) return { outcome: 'key_invalid' };
  const faults = [...controllerFaults(draft), ...noticeFaults({ ...notice, note: null })];
  if (faults.length > 0) return { outcome: 'faulty', faults };
  return app.db.transaction().execute(async (tx): Promise<AddControllerResult> => {
    const [id, at] = [newId(), app.now().toISOString()];
    const [added] = await tx
      .insertInto('controllers')
      .values({
        ...draft,
        id,
        key,
        privacy_url: notice.url,
        privacy_version: notice.version,
        mails_after_withdrawal: draft.mails_after_withdrawal ? 1 : 0,
        refuses_claimed: draft.refuses_claimed ? 1 : 0,
        revision: 1,
        created_at: at,
      })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .returning('id')
      .execute();
    if (!added) return { outcome: 'key_taken' };
    await writeNotice(tx, id, { ...notice, note: null }, at);
    await recordAudit(tx, at, actor, 'controller.added', `controller:${key}`, { name: draft.legal_name });
    return { outcome: 'added' };
  });
}

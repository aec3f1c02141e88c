import type { App } from '#src/app/app.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { changesBetween } from '#src/staff/changes.ts';
import { type Controller, type ControllerDraft, controllerDraftOf, findController } from './controller.ts';
import { type ControllerFault, controllerFaults } from './controller-faults.ts';

export type SaveControllerResult =
  | { outcome: 'saved' }
  | { outcome: 'unknown' }
  | { outcome: 'faulty'; faults: ControllerFault[] }
  /** Someone else has saved since the page was opened. Nothing was written. */
  | { outcome: 'changed_meanwhile'; controller: Controller };

/** Saves the company. Published texts and forms keep the name they were approved with. */
export async function saveController(
  app: App,
  actor: Actor,
  key: string,
  { revision, draft }: { revision: number; draft: ControllerDraft },
): Promise<SaveControllerResult> {
  requireAbility(actor, 'purposes.write');
  const faults = controllerFaults(draft);
  if (faults.length > 0) return { outcome: 'faulty', faults };
  return app.db.transaction().execute(async (tx): Promise<SaveControllerResult> => {
    const before = await findController(tx, key);
    if (!before) return { outcome: 'unknown' };
    const claimed = await tx
      .updateTable('controllers')
      .set({
        ...draft,
        mails_after_withdrawal: draft.mails_after_withdrawal ? 1 : 0,
        refuses_claimed: draft.refuses_claimed ? 1 : 0,
        revision: revision + 1,
      })
      .where('key', '=', key)
      .where('revision', '=', revision)
      .executeTakeFirst();
    if (Number(claimed.numUpdatedRows) === 0) {
      return { outcome: 'changed_meanwhile', controller: (await findController(tx, key)) ?? before };
    }
    const changes = changesBetween(controllerDraftOf(before), draft);
    await recordAudit(tx, app.now().toISOString(), actor, 'controller.changed', `controller:${key}`, changes);
    return { outcome: 'saved' };
  });
}

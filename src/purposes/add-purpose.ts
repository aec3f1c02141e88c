import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import type { PurposeDraft } from './purpose.ts';
import { type PurposeFault, purposeFaults } from './purpose-faults.ts';
import { writeDraft } from './save-purpose.ts';

export type AddPurposeResult =
  | { outcome: 'added' | 'key_taken' | 'key_invalid' | 'unknown_controller' }
  | { outcome: 'faulty'; faults: PurposeFault[] };

/** A key is public and permanent, because programs refer to the purpose by it. */
export const keyPattern = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

export async function addPurpose(
  app: App,
  actor: Actor,
  { key, controller, draft }: { key: string; controller: string; draft: PurposeDraft },
): Promise<AddPurposeResult> {
  requireAbility(actor, 'purposes.write');
  if (!keyPattern.test(key) || key.length > 60) return { outcome: 'key_invalid' };
  const faults = purposeFaults(draft);
  if (faults.length > 0) return { outcome: 'faulty', faults };
  return app.db.transaction().execute(async (tx): Promise<AddPurposeResult> => {
    const owner = await tx
      .selectFrom('controllers')
      .select('id')
      .where('key', '=', controller)
      .executeTakeFirst();
    if (!owner) return { outcome: 'unknown_controller' };
    const last = await tx
      .selectFrom('purposes')
      .select((eb) => eb.fn.max('position').as('position'))
      .executeTakeFirst();
    const [id, at] = [newId(), app.now().toISOString()];
    const [added] = await tx
      .insertInto('purposes')
      .values({
        id,
        controller_id: owner.id,
        key,
        position: Number(last?.position ?? -1) + 1,
        proof_note: null,
        created_at: at,
        retired_at: null,
      })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .returning('id')
      .execute();
    if (!added) return { outcome: 'key_taken' };
    await writeDraft(tx, id, draft);
    await recordAudit(tx, at, actor, 'purpose.added', `purpose:${key}`, { controller });
    return { outcome: 'added' };
  });
}

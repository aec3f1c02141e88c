import type { App } from '#src/app/app.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { findPurpose } from './purpose.ts';
import { purposeUses } from './purpose-uses.ts';

export type RetirePurposeResult =
  | { outcome: 'retired' | 'restored' | 'unchanged' | 'unknown' }
  /** Forms still ask for it and must drop it first. */
  | { outcome: 'in_forms'; forms: string[] };

/** Stops asking for the purpose and contacting people for it. Purposes are never deleted; permissions stay on record. */
export async function retirePurpose(app: App, actor: Actor, key: string): Promise<RetirePurposeResult> {
  return setRetired(app, actor, key, true);
}

/** Puts the purpose back into use, with its granted permissions. */
export async function restorePurpose(app: App, actor: Actor, key: string): Promise<RetirePurposeResult> {
  return setRetired(app, actor, key, false);
}

async function setRetired(
  app: App,
  actor: Actor,
  key: string,
  retire: boolean,
): Promise<RetirePurposeResult> {
  requireAbility(actor, 'purposes.write');
  return app.db.transaction().execute(async (tx): Promise<RetirePurposeResult> => {
    const purpose = await findPurpose(tx, key);
    if (!purpose) return { outcome: 'unknown' };
    if ((purpose.retiredAt !== null) === retire) return { outcome: 'unchanged' };
    const { forms, granted } = await purposeUses(tx, purpose.id);
    if (retire && forms.length > 0) return { outcome: 'in_forms', forms };
    const at = app.now().toISOString();
    await tx
      .updateTable('purposes')
      .set((eb) => ({ retired_at: retire ? at : null, revision: eb('revision', '+', 1) }))
      .where('id', '=', purpose.id)
      .execute();
    const act = retire ? 'purpose.retired' : 'purpose.restored';
    await recordAudit(tx, at, actor, act, `purpose:${key}`, { granted });
    return { outcome: retire ? 'retired' : 'restored' };
  });
}

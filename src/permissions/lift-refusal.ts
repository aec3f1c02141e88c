import type { App } from '#src/app/app.ts';
import { decryptText } from '#src/people/encryption.ts';
import { findOwner, isUnlisted } from '#src/people/find-owner.ts';
import { exemptFromRefusal, findRefusals } from '#src/people/refusals.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';

/**
 * Lifts an objection for one person, because staff found that it was about someone else. Only an objection to another
 * spelling can be lifted (law.md 6.6); it keeps blocking everyone else that it covers.
 */
export async function liftRefusal(
  app: App,
  actor: Actor,
  contactPointId: string,
  { refusalId, reason }: { refusalId: string; reason: string },
): Promise<'lifted' | 'nothing'> {
  requireAbility(actor, 'permissions.capture');
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx) => {
    const owner = await findOwner(tx, app.keys, contactPointId);
    if (!owner || isUnlisted(owner)) return 'nothing';
    const points = await tx
      .selectFrom('contact_points')
      .select(['channel', 'lookup_hash', 'value_enc'])
      .where('person_id', '=', owner.person.id)
      .where('lookup_hash', 'is not', null)
      .execute();
    let lifted = 0;
    for (const { channel, lookup_hash: hash, value_enc } of points) {
      if (hash === null) continue;
      const { numUpdatedRows } = await tx
        .updateTable('suppressions')
        .set({ lifted_at: at })
        .where('lookup_hash', '=', hash)
        .where('refusal_id', '=', refusalId)
        .where('lifted_at', 'is', null)
        .executeTakeFirst();
      lifted += Number(numUpdatedRows);
      if (channel !== 'post' || value_enc === null) continue;
      const address = decryptText(owner.person.key, value_enc);
      const refusals = await findRefusals(tx, app.keys, address, hash);
      const named = refusals.find(({ id }) => id === refusalId);
      // One objection has a row for each way to read its address.
      for (const refusal of refusals.filter((one) => named && one.created_at === named.created_at)) {
        await exemptFromRefusal(tx, refusal, hash);
        lifted += 1;
      }
    }
    if (lifted === 0) return 'nothing';
    const subject = `contact-point:${contactPointId}`;
    await recordAudit(tx, at, actor, 'permissions.block_lifted', subject, { reason });
    return 'lifted';
  });
}

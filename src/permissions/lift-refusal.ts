import type { App } from '#src/app/app.ts';
import { decryptText } from '#src/people/encryption.ts';
import { isUnlisted, ownerOf } from '#src/people/owner-of.ts';
import { refusalsOf, spareFrom } from '#src/people/refusals.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';

/**
 * Lifts a no for one contact point, because a person looked and somebody else was meant. Only a no in another spelling
 * can be lifted (law.md 6.6): it goes on blocking everybody else that it meets. `reason` says why, in a few words.
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
    const owner = await ownerOf(tx, app.keys, contactPointId);
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
      const refusals = await refusalsOf(tx, app.keys, address, hash);
      const said = refusals.find(({ id }) => id === refusalId);
      // One no has a row for each way in which its address can be read.
      for (const refusal of refusals.filter((one) => said && one.created_at === said.created_at)) {
        await spareFrom(tx, refusal, hash);
        lifted += 1;
      }
    }
    if (lifted === 0) return 'nothing';
    const subject = `contact-point:${contactPointId}`;
    await recordAudit(tx, at, actor, 'permissions.block_lifted', subject, { reason });
    return 'lifted';
  });
}

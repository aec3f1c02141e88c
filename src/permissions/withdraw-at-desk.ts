import { isUniqueViolation } from '#db/errors.ts';
import type { App } from '#src/app/app.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { type Withdrawal, type WithdrawByAddressResult, withdrawByAddress } from './withdraw-by-address.ts';

/** How a no reaches a desk. */
export const waysOfSayingNo = ['telephone', 'letter', 'email', 'talk'] as const;

/** Writes down a no that somebody said or wrote to us. The person is told by mail where a mailbox is known. */
export async function withdrawAtDesk(
  app: App,
  actor: Actor,
  asked: Withdrawal,
): Promise<WithdrawByAddressResult> {
  requireAbility(actor, 'permissions.capture');
  const act = () =>
    app.db.transaction().execute(async (tx) => {
      const by = { origin: 'staff' as const, actor: actor.id };
      const result = await withdrawByAddress(tx, app, asked, by);
      if (result.outcome !== 'withdrawn') return result;
      const { purpose = null, channel = null, how } = asked;
      const { suppressed, notifiedBy } = result;
      const changes = result.changes.map((change) => `${change.purpose}:${change.channel}`);
      const [first] = result.changes.flatMap(({ permissionId }) => permissionId ?? []);
      await recordAudit(
        tx,
        app.now().toISOString(),
        actor,
        'permissions.withdrawn',
        first ? `permission:${first}` : 'contact-point:unknown',
        { purpose, channel, how, changes, suppressed, told: notifiedBy },
      );
      return result;
    });
  const result = await act().catch((error) => (isUniqueViolation(error) ? act() : Promise.reject(error)));
  app.mailsQueued();
  return result;
}

import type { Locale } from '#db/schema.ts';
import type { App } from '#src/app.ts';
import type { Actor } from './actor.ts';
import { recordAudit } from './audit.ts';

/** What one sees of the own account besides its sessions. */
export async function describeOwnAccount(app: App, actor: Actor) {
  const staff = await app.db
    .selectFrom('staff')
    .select(['totp_confirmed_at', 'locale'])
    .where('id', '=', actor.id)
    .executeTakeFirstOrThrow();
  const left = await app.db
    .selectFrom('staff_recovery_codes')
    .select('code_hash')
    .where('staff_id', '=', actor.id)
    .where('used_at', 'is', null)
    .execute();
  return {
    locale: staff.locale,
    twoFactorSince: staff.totp_confirmed_at,
    recoveryCodesLeft: left.length,
  };
}

export async function changeOwnLocale(app: App, actor: Actor, locale: Locale | null): Promise<void> {
  await app.db.transaction().execute(async (tx) => {
    await tx.updateTable('staff').set({ locale }).where('id', '=', actor.id).execute();
    await recordAudit(tx, app.now().toISOString(), actor, 'account.language', `staff:${actor.id}`, {
      locale,
    });
  });
}

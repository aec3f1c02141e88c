import type { Db, Tx } from '#db/connect.ts';
import type { StaffTable } from '#db/schema/staff.ts';
import type { App } from '#src/app/app.ts';
import { decryptText, encryptText } from '#src/people/encryption.ts';
import { type Actor, requireAbility } from './actor.ts';
import { recordAudit } from './audit.ts';
import {
  freshRecoveryCodes,
  recoveryCodesLeft,
  renewRecoveryCodes,
  useRecoveryCode,
} from './recovery-codes.ts';
import type { Role } from './roles.ts';
import { newTotpSecret, stepOfCode, type TotpSecret, totpSecret } from './totp.ts';

/** In production, these roles must use a second factor. */
export function needsTwoFactor(app: App, role: Role): boolean {
  return app.config.production && (role === 'admin' || role === 'legal');
}

export async function hasTwoFactor(db: Db, staffId: string): Promise<boolean> {
  return (await requireStaff(db, staffId)).totp_confirmed_at !== null;
}

export type TwoFactor =
  | { state: 'off' }
  /** A secret is shown; it becomes active once a code of the app is entered. */
  | { state: 'preparing'; secret: TotpSecret }
  | { state: 'on'; since: string; codesLeft: number; freshCodes: string[] | undefined };

export async function describeTwoFactor(app: App, actor: Actor): Promise<TwoFactor> {
  const row = await requireStaff(app.db, actor.id);
  if (row.totp_confirmed_at) {
    const codesLeft = await recoveryCodesLeft(app.db, actor.id);
    return { state: 'on', since: row.totp_confirmed_at, codesLeft, freshCodes: freshRecoveryCodes(app, row) };
  }
  if (!row.totp_secret_enc) return { state: 'off' };
  return { state: 'preparing', secret: totpSecret(secretOf(app, row.totp_secret_enc), actor.email) };
}

/** Creates a new secret, stored encrypted. Does nothing while a second factor is active. */
export async function prepareTwoFactor(app: App, actor: Actor): Promise<void> {
  await app.db
    .updateTable('staff')
    .set({ totp_secret_enc: encryptText(app.keys.staffSecret, newTotpSecret()) })
    .where('id', '=', actor.id)
    .where('totp_confirmed_at', 'is', null)
    .execute();
}

/** Activates the second factor and creates recovery codes. */
export async function confirmTwoFactor(
  app: App,
  actor: Actor,
  code: string,
): Promise<{ outcome: 'confirmed' | 'wrong_code' }> {
  return app.db.transaction().execute(async (tx) => {
    const row = await requireStaff(tx, actor.id);
    if (row.totp_confirmed_at || !(await takeCode(tx, app, row, code))) return { outcome: 'wrong_code' };
    const at = app.now().toISOString();
    await tx.updateTable('staff').set({ totp_confirmed_at: at }).where('id', '=', actor.id).execute();
    await renewRecoveryCodes(tx, app, actor.id);
    await recordAudit(tx, at, actor, 'account.two_factor_on', `staff:${actor.id}`);
    return { outcome: 'confirmed' };
  });
}

/** Replaces all recovery codes. */
export async function replaceRecoveryCodes(app: App, actor: Actor): Promise<void> {
  await app.db.transaction().execute(async (tx) => {
    const { totp_confirmed_at } = await requireStaff(tx, actor.id);
    if (!totp_confirmed_at) return;
    await renewRecoveryCodes(tx, app, actor.id);
    await recordAudit(tx, app.now().toISOString(), actor, 'account.recovery_codes', `staff:${actor.id}`);
  });
}

/** Removes the second factor: one's own, or as an administrator that of someone who lost their phone. */
export async function removeTwoFactor(app: App, by: Actor, staffId: string): Promise<void> {
  if (by.id !== staffId) requireAbility(by, 'staff.change');
  await app.db.transaction().execute(async (tx) => {
    await tx
      .updateTable('staff')
      .set({ totp_secret_enc: null, totp_confirmed_at: null, recovery_set: null, recovery_set_at: null })
      .where('id', '=', staffId)
      .execute();
    await tx.deleteFrom('staff_recovery_codes').where('staff_id', '=', staffId).execute();
    await recordAudit(tx, app.now().toISOString(), by, 'account.two_factor_off', `staff:${staffId}`);
  });
}

/** Accepts a code of the app or a recovery code, each once. */
export async function checkSecondFactor(
  tx: Tx,
  app: App,
  staff: StaffTable,
  typed: string,
): Promise<boolean> {
  const code = typed.replace(/[\s-]/g, '');
  return /^\d{6}$/.test(code) ? takeCode(tx, app, staff, code) : useRecoveryCode(tx, app, staff.id, code);
}

/** Each time step works only once (RFC 6238, 5.2). */
async function takeCode(tx: Tx, app: App, staff: StaffTable, typed: string): Promise<boolean> {
  if (!staff.totp_secret_enc) return false;
  const step = stepOfCode(secretOf(app, staff.totp_secret_enc), typed.replace(/\s/g, ''), app.now());
  if (step === undefined) return false;
  const taken = await tx
    .updateTable('staff')
    .set({ totp_last_step: step })
    .where('id', '=', staff.id)
    .where('totp_last_step', '<', step)
    .executeTakeFirst();
  return Number(taken.numUpdatedRows) === 1;
}

function secretOf(app: App, sealed: string): string {
  return decryptText(app.keys.staffSecret, sealed);
}

async function requireStaff(db: Db, id: string): Promise<StaffTable> {
  return db.selectFrom('staff').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

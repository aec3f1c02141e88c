import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Tx } from '#db/connect.ts';
import type { StaffTable } from '#db/schema.ts';
import type { App } from '#src/app.ts';
import { decryptText, encryptText } from '#src/people/encryption.ts';
import type { Actor } from './actor.ts';
import { recordAudit } from './audit.ts';
import type { Role } from './roles.ts';

/** In production these roles do not get past sign-in without a second factor. */
export function needsTwoFactor(app: App, role: Role): boolean {
  return app.config.production && (role === 'admin' || role === 'legal');
}

/** A new secret, kept encrypted; it counts once a code from the app was typed (`confirmTwoFactor`). */
export async function prepareTwoFactor(app: App, actor: Actor): Promise<{ secret: string; uri: string }> {
  const secret = new Secret({ size: 20 });
  await app.db
    .updateTable('staff')
    .set({ totp_secret_enc: encryptText(app.keys.wrapping, secret.base32), totp_confirmed_at: null })
    .where('id', '=', actor.id)
    .where('totp_confirmed_at', 'is', null)
    .execute();
  return { secret: secret.base32, uri: totpOf(secret, actor.email).toString() };
}

/** The secret that is being set up, to be shown once more; `undefined` when none is. */
export async function preparedTwoFactor(app: App, actor: Actor) {
  const row = await app.db.selectFrom('staff').selectAll().where('id', '=', actor.id).executeTakeFirst();
  if (!row?.totp_secret_enc || row.totp_confirmed_at) return undefined;
  const secret = Secret.fromBase32(decryptText(app.keys.wrapping, row.totp_secret_enc));
  return { secret: secret.base32, uri: totpOf(secret, actor.email).toString() };
}

/** Switches the second factor on and returns ten recovery codes, which nobody sees again. */
export async function confirmTwoFactor(
  app: App,
  actor: Actor,
  code: string,
): Promise<{ outcome: 'confirmed'; recoveryCodes: string[] } | { outcome: 'wrong_code' }> {
  return app.db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('staff').selectAll().where('id', '=', actor.id).executeTakeFirstOrThrow();
    if (row.totp_confirmed_at || !(await takeCode(tx, app, row, code))) return { outcome: 'wrong_code' };
    const at = app.now().toISOString();
    await tx.updateTable('staff').set({ totp_confirmed_at: at }).where('id', '=', actor.id).execute();
    const recoveryCodes = Array.from({ length: 10 }, newRecoveryCode);
    await tx.deleteFrom('staff_recovery_codes').where('staff_id', '=', actor.id).execute();
    await tx
      .insertInto('staff_recovery_codes')
      .values(
        recoveryCodes.map((one) => ({ staff_id: actor.id, code_hash: recoveryHash(one), used_at: null })),
      )
      .execute();
    await recordAudit(tx, at, actor, 'account.two_factor_on', `staff:${actor.id}`);
    return { outcome: 'confirmed', recoveryCodes };
  });
}

/** Takes a code of the app, or a recovery code, once each. */
export async function checkSecondFactor(
  tx: Tx,
  app: App,
  staff: StaffTable,
  typed: string,
): Promise<boolean> {
  const code = typed.replace(/[\s-]/g, '').toLowerCase();
  if (/^\d{6}$/.test(code)) return takeCode(tx, app, staff, code);
  const used = await tx
    .updateTable('staff_recovery_codes')
    .set({ used_at: app.now().toISOString() })
    .where('staff_id', '=', staff.id)
    .where('code_hash', '=', recoveryHash(code))
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return Number(used.numUpdatedRows) === 1;
}

/** One step of thirty seconds early or late is forgiven; a step that was used is not taken again (RFC 6238, 5.2). */
async function takeCode(tx: Tx, app: App, staff: StaffTable, code: string): Promise<boolean> {
  if (!staff.totp_secret_enc) return false;
  const secret = Secret.fromBase32(decryptText(app.keys.wrapping, staff.totp_secret_enc));
  const now = app.now().getTime();
  const delta = totpOf(secret, staff.email).validate({
    token: code.replace(/\s/g, ''),
    timestamp: now,
    window: 1,
  });
  if (delta === null) return false;
  const step = Math.floor(now / 30_000) + delta;
  const taken = await tx
    .updateTable('staff')
    .set({ totp_last_step: step })
    .where('id', '=', staff.id)
    .where('totp_last_step', '<', step)
    .executeTakeFirst();
  return Number(taken.numUpdatedRows) === 1;
}

function totpOf(secret: Secret, label: string): TOTP {
  return new TOTP({ issuer: 'Jawort', label, secret, digits: 6, period: 30, algorithm: 'SHA1' });
}

function newRecoveryCode(): string {
  return randomBytes(8)
    .toString('hex')
    .replace(/(.{4})(?=.)/g, '$1-');
}

// 64 random bits need no slow hash.
function recoveryHash(code: string): string {
  return createHash('sha256').update(code.replaceAll('-', '')).digest('hex');
}

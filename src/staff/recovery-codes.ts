import { createHash } from 'node:crypto';
import type { Db, Tx } from '#db/connect.ts';
import type { StaffTable } from '#db/schema/staff.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { type Keys, mac } from '#src/secrets/keys.ts';

/** Recovery codes replace the authenticator app; each works once. */
export const codesInSet = 10;

/** How long a new set is shown to its owner. */
const shownForMinutes = 15;

/** Creates a new set and invalidates the old one. */
export async function renewRecoveryCodes(tx: Tx, app: App, staffId: string): Promise<void> {
  const setId = newId();
  await tx.deleteFrom('staff_recovery_codes').where('staff_id', '=', staffId).execute();
  await tx
    .insertInto('staff_recovery_codes')
    .values(
      codesOf(app.keys, setId).map((code, number) => ({
        staff_id: staffId,
        set_id: setId,
        number,
        code_hash: hashOf(code),
        used_at: null,
      })),
    )
    .execute();
  await tx
    .updateTable('staff')
    .set({ recovery_set: setId, recovery_set_at: app.now().toISOString() })
    .where('id', '=', staffId)
    .execute();
}

/** The codes in plain text, for 15 minutes after their creation; `undefined` later. */
export function freshRecoveryCodes(
  app: App,
  staff: Pick<StaffTable, 'recovery_set' | 'recovery_set_at'>,
): string[] | undefined {
  if (!staff.recovery_set || !staff.recovery_set_at) return undefined;
  const age = app.now().getTime() - Date.parse(staff.recovery_set_at);
  return age < shownForMinutes * 60_000 ? codesOf(app.keys, staff.recovery_set) : undefined;
}

export async function recoveryCodesLeft(db: Db, staffId: string): Promise<number> {
  const { left } = await db
    .selectFrom('staff_recovery_codes')
    .select((eb) => eb.fn.countAll().as('left'))
    .where('staff_id', '=', staffId)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(left);
}

/** True once per code. */
export async function useRecoveryCode(tx: Tx, app: App, staffId: string, typed: string): Promise<boolean> {
  const used = await tx
    .updateTable('staff_recovery_codes')
    .set({ used_at: app.now().toISOString() })
    .where('staff_id', '=', staffId)
    .where('code_hash', '=', hashOf(typed.toLowerCase().replace(/[^a-z0-9]/g, '')))
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return Number(used.numUpdatedRows) === 1;
}

// Derived, so that a page can show them after the redirect although the database stores only hashes.
function codesOf(keys: Keys, setId: string): string[] {
  return Array.from({ length: codesInSet }, (_, number) => {
    const bytes = mac(keys.recoveryCode, setId, String(number)).subarray(0, 12);
    return [...bytes].map((byte) => letters[byte % letters.length]).join('');
  });
}

// Crockford's alphabet, without characters that look alike: sixty bits in twelve characters.
const letters = '0123456789abcdefghjkmnpqrstvwxyz';

/** As it is printed: `abcd-efgh-jkmn`. */
export function readableCode(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1-');
}

function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

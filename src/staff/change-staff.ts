import type { Tx } from '#db/connect.ts';
import { passGate } from '#db/locks.ts';
import type { StaffTable } from '#db/schema/staff.ts';
import type { App } from '#src/app/app.ts';
import { type Actor, requireAbility } from './actor.ts';
import { recordAudit } from './audit.ts';
import type { Role } from './roles.ts';
import { endSessions } from './sessions.ts';
import { sendStaffToken } from './staff-tokens.ts';

/** A staff member, as listed for administrators. */
export interface Member
  extends Pick<StaffTable, 'id' | 'email' | 'name' | 'role' | 'created_at' | 'totp_confirmed_at'> {
  state: 'invited' | 'active' | 'disabled';
}

export async function listStaff(app: App, reader: Actor): Promise<Member[]> {
  requireAbility(reader, 'staff.read');
  const rows = await app.db.selectFrom('staff').selectAll().orderBy('name').orderBy('id').execute();
  return rows.map(({ id, email, name, role, created_at, totp_confirmed_at, ...row }) => ({
    id,
    email,
    name,
    role,
    created_at,
    totp_confirmed_at,
    state: row.disabled_at ? 'disabled' : row.password_hash ? 'active' : 'invited',
  }));
}

export type StaffChange = { name: string } | { role: Role } | { disabled: boolean };
export type ChangeStaffResult = { outcome: 'changed' | 'unknown' | 'last_admin' };

/** Changes name or role, or disables or enables an account. The last active admin cannot be changed. */
export async function changeStaff(
  app: App,
  by: Actor,
  staffId: string,
  change: StaffChange,
): Promise<ChangeStaffResult> {
  requireAbility(by, 'staff.change');
  return app.db.transaction().execute(async (tx): Promise<ChangeStaffResult> => {
    await passGate(tx, adminGate);
    const at = app.now().toISOString();
    const staff = await tx.selectFrom('staff').selectAll().where('id', '=', staffId).executeTakeFirst();
    if (!staff) return { outcome: 'unknown' };
    const { values, details } = effectOf(staff, change, at);
    if (isUnchanged(staff, change)) return { outcome: 'changed' };
    await tx.updateTable('staff').set(values).where('id', '=', staffId).execute();
    if (!(await hasActiveAdmin(tx))) {
      await tx
        .updateTable('staff')
        .set({ role: staff.role, disabled_at: staff.disabled_at })
        .where('id', '=', staffId)
        .execute();
      return { outcome: 'last_admin' };
    }
    // Open sessions continue with the new role; a disabled account has none.
    if (values.disabled_at) await endSessions(tx, staffId);
    await recordAudit(tx, at, by, 'staff.changed', `staff:${staffId}`, details);
    return { outcome: 'changed' };
  });
}

/** Mails a new link to someone who lost the invitation or forgot the password. */
export async function sendNewLink(
  app: App,
  by: Actor,
  staffId: string,
): Promise<{ outcome: 'sent' | 'unknown' }> {
  requireAbility(by, 'staff.change');
  const outcome = await app.db.transaction().execute(async (tx) => {
    const staff = await tx.selectFrom('staff').selectAll().where('id', '=', staffId).executeTakeFirst();
    if (!staff || staff.disabled_at) return 'unknown';
    const kind = staff.password_hash ? 'password_reset' : 'invitation';
    await sendStaffToken(tx, app, staffId, kind);
    await recordAudit(tx, app.now().toISOString(), by, 'staff.link_sent', `staff:${staffId}`, { kind });
    return 'sent';
  });
  app.mailsQueued();
  return { outcome };
}

function isUnchanged(staff: StaffTable, change: StaffChange): boolean {
  if ('name' in change) return staff.name === change.name;
  if ('role' in change) return staff.role === change.role;
  return (staff.disabled_at !== null) === change.disabled;
}

function effectOf(staff: StaffTable, change: StaffChange, at: string) {
  if ('name' in change)
    return { values: { name: change.name }, details: { name: { from: staff.name, to: change.name } } };
  if ('role' in change)
    return { values: { role: change.role }, details: { role: { from: staff.role, to: change.role } } };
  return { values: { disabled_at: change.disabled ? at : null }, details: { disabled: change.disabled } };
}

// Serialises changes: of two admins who demote each other at the same time, the second sees the first change.
const adminGate = 0x5_7a_ff;

async function hasActiveAdmin(tx: Tx): Promise<boolean> {
  const admins = await tx
    .selectFrom('staff')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .where('password_hash', 'is not', null)
    .execute();
  return admins.length > 0;
}

import type { StaffTable } from '#db/schema.ts';
import type { App } from '#src/app.ts';
import { type Actor, requireRole } from './actor.ts';
import { recordAudit } from './audit.ts';
import type { Role } from './roles.ts';
import { endSessions } from './sessions.ts';

export type ChangeStaffResult = { outcome: 'changed' | 'unknown' | 'last_admin' };

export async function listStaff(app: App, reader: Actor): Promise<StaffTable[]> {
  requireRole(reader, 'staff.read');
  return app.db.selectFrom('staff').selectAll().orderBy('name').execute();
}

/** Gives another role, or closes and opens an account. The last active admin stays one. */
export async function changeStaff(
  app: App,
  by: Actor,
  staffId: string,
  change: { role: Role } | { disabled: boolean },
): Promise<ChangeStaffResult> {
  requireRole(by, 'staff.change');
  return app.db.transaction().execute(async (tx): Promise<ChangeStaffResult> => {
    const at = app.now().toISOString();
    const staff = await tx.selectFrom('staff').selectAll().where('id', '=', staffId).executeTakeFirst();
    if (!staff) return { outcome: 'unknown' };
    const losesAdmin =
      staff.role === 'admin' &&
      !staff.disabled_at &&
      ('role' in change ? change.role !== 'admin' : change.disabled);
    if (losesAdmin) {
      const others = await tx
        .selectFrom('staff')
        .select('id')
        .where('role', '=', 'admin')
        .where('disabled_at', 'is', null)
        .where('password_hash', 'is not', null)
        .where('id', '<>', staffId)
        .execute();
      if (others.length === 0) return { outcome: 'last_admin' };
    }
    const values = 'role' in change ? { role: change.role } : { disabled_at: change.disabled ? at : null };
    await tx.updateTable('staff').set(values).where('id', '=', staffId).execute();
    // Open sessions go on under the new role; a closed account has none.
    if ('disabled' in change && change.disabled) await endSessions(tx, staffId);
    await recordAudit(tx, at, by, 'staff.changed', `staff:${staffId}`, change);
    return { outcome: 'changed' };
  });
}

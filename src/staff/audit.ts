import type { Db, Tx } from '#db/connect.ts';
import type { AuditEntryTable } from '#db/schema.ts';
import { newId } from '#src/ids.ts';
import { type Actor, requireRole } from './actor.ts';

/**
 * Writes what a member of staff did into the audit trail, in the transaction that did it.
 * `subject` and `details` name things by key or id, never a person's address.
 */
export async function recordAudit(
  tx: Tx,
  at: string,
  actor: Pick<Actor, 'id' | 'name'> | null,
  act: string,
  subject: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  await tx
    .insertInto('audit_entries')
    .values({
      id: newId(),
      at,
      staff_id: actor?.id ?? null,
      staff_name: actor?.name ?? 'system',
      act,
      subject,
      details: JSON.stringify(details),
    })
    .execute();
}

/** Newest first; `before` is the id of the last entry of the page before. */
export async function readAudit(
  db: Db,
  reader: Actor,
  filter: { staffId?: string; act?: string; before?: string; limit?: number } = {},
): Promise<AuditEntryTable[]> {
  requireRole(reader, 'audit.read');
  let query = db
    .selectFrom('audit_entries')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.limit ?? 50);
  if (filter.staffId) query = query.where('staff_id', '=', filter.staffId);
  if (filter.act) query = query.where('act', '=', filter.act);
  if (filter.before) query = query.where('id', '<', filter.before);
  return query.execute();
}

/** What was done to one thing, newest first. For whoever may see the thing itself. */
export async function historyOf(db: Db, subject: string, limit = 20): Promise<AuditEntryTable[]> {
  return db
    .selectFrom('audit_entries')
    .selectAll()
    .where('subject', '=', subject)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

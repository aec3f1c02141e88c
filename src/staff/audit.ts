import { sql } from 'kysely';
import type { Db, Tx } from '#db/connect.ts';
import type { AuditEntryTable } from '#db/schema/staff.ts';
import { newId } from '#src/ids/new-id.ts';
import { type Actor, requireAbility } from './actor.ts';

/**
 * Records what a staff member did, in the same transaction. `subject` and `details` name things by key or id, never a
 * person's address. Returns the id of the entry.
 */
export async function recordAudit(
  tx: Tx,
  at: string,
  actor: Pick<Actor, 'id' | 'name'> | null,
  act: string,
  subject: string,
  details: Record<string, unknown> = {},
): Promise<string> {
  const id = newId();
  await tx
    .insertInto('audit_entries')
    .values({
      id,
      at,
      staff_id: actor?.id ?? null,
      staff_name: actor?.name ?? 'system',
      act,
      subject,
      details: JSON.stringify(details),
    })
    .execute();
  return id;
}

export interface AuditFilter {
  staffId?: string;
  act?: string;
  /** A prefix: `purpose:` finds all purposes. */
  subject?: string;
  /** ISO, inclusive. */
  from?: string;
  /** ISO, exclusive. */
  to?: string;
  /** Id of the last entry on the previous page. */
  before?: string;
}

export interface AuditPage {
  /** Newest first. */
  entries: AuditEntryTable[];
  /** Value of `before` for the next page, if there is one. */
  olderThan: string | undefined;
}

export async function readAudit(
  db: Db,
  reader: Actor,
  filter: AuditFilter = {},
  limit = 50,
): Promise<AuditPage> {
  requireAbility(reader, 'audit.read');
  const { staffId, act, subject, from, to, before } = filter;
  let query = db
    .selectFrom('audit_entries')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (staffId) query = query.where('staff_id', '=', staffId);
  if (act) query = query.where('act', '=', act);
  if (subject) query = query.where(sql<boolean>`subject like ${beginsWith(subject)} escape '!'`);
  if (from) query = query.where('at', '>=', from);
  if (to) query = query.where('at', '<', to);
  if (before) query = query.where('id', '<', before);
  const rows = await query.execute();
  const entries = rows.slice(0, limit);
  return { entries, olderThan: rows.length > limit ? entries.at(-1)?.id : undefined };
}

function beginsWith(text: string): string {
  return `${text.replace(/[!%_]/g, '!$&')}%`;
}

/** All staff, for a filter. */
export async function auditedStaff(db: Db, reader: Actor): Promise<{ id: string; name: string }[]> {
  requireAbility(reader, 'audit.read');
  return db.selectFrom('staff').select(['id', 'name']).orderBy('name').orderBy('id').execute();
}

/** Entries about one subject, newest first. The caller checks who may see the subject. */
export async function historyOf(db: Db, subject: string, limit = 20): Promise<AuditEntryTable[]> {
  return db
    .selectFrom('audit_entries')
    .selectAll()
    .where('subject', '=', subject)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

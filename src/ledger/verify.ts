import type { Db } from '#db/connect.ts';
import { readAhead } from '#db/read-ahead.ts';
import type { EventTable } from '#db/schema/events.ts';
import type { PermissionTable } from '#db/schema/permissions.ts';
import { decryptText, unwrapPersonKey } from '#src/people/encryption.ts';
import type { Keys } from '#src/secrets/keys.ts';
import { commitmentOf } from './commitment.ts';
import { eventHash } from './event-hash.ts';
import { fold, type PermissionFacts } from './fold.ts';
import type { LedgerFault } from './ledger-fault.ts';
import { verifyPeople } from './verify-people.ts';
import { verifyWords } from './verify-words.ts';

export interface LedgerReport {
  events: number;
  permissions: number;
  /** How many pieces of evidence were read and match the commitment of their events. */
  evidence: number;
  /** How many belong to erased people and cannot be read any more. */
  erased: number;
  /** Each mismatch. */
  faults: LedgerFault[];
}

/**
 * Reads the whole ledger again, folds it and compares the result with the current permissions. Reads in pages, so that a
 * ledger of any size needs the same memory.
 */
export async function verifyLedger(db: Db, keys: Keys): Promise<LedgerReport> {
  const report: LedgerReport = { events: 0, permissions: 0, evidence: 0, erased: 0, faults: [] };
  await verifyPermissions(db, report);
  await verifyEvidence(db, keys, report);
  await findMissingEvidence(db, report);
  const people = await verifyPeople(db);
  report.events += people.events;
  report.faults.push(...people.faults, ...(await verifyWords(db)));
  const stray = await db
    .selectFrom('events')
    .leftJoin('permissions', 'permissions.id', 'events.permission_id')
    .select('events.permission_id')
    .distinct()
    .where('permissions.id', 'is', null)
    .execute();
  for (const row of stray)
    report.faults.push({
      table: 'permissions',
      id: row.permission_id,
      message: `Permission ${row.permission_id} has events but is missing.`,
    });
  return report;
}

const page = 500;

async function verifyPermissions(db: Db, report: LedgerReport): Promise<void> {
  for await (const rows of readAhead<PermissionEvents>((last) => permissionsAfter(db, last?.permission.id))) {
    for (const { permission, events } of rows) {
      report.permissions += 1;
      comparePermission(permission, events, report);
    }
  }
}

interface PermissionEvents {
  permission: PermissionTable;
  events: EventTable[];
}

async function permissionsAfter(db: Db, after = ''): Promise<PermissionEvents[]> {
  const permissions = await db
    .selectFrom('permissions')
    .selectAll()
    .where('id', '>', after)
    .orderBy('id')
    .limit(page)
    .execute();
  if (permissions.length === 0) return [];
  const ids = permissions.map((permission) => permission.id);
  const events = await db
    .selectFrom('events')
    .selectAll()
    .where('permission_id', 'in', ids)
    .orderBy('permission_id')
    .orderBy('number')
    .execute();
  const byPermission = Map.groupBy(events, (event) => event.permission_id);
  return permissions.map((permission) => ({ permission, events: byPermission.get(permission.id) ?? [] }));
}

function comparePermission(permission: PermissionTable, events: EventTable[], report: LedgerReport): void {
  let folded: PermissionFacts | undefined;
  for (const [index, event] of events.entries()) {
    report.events += 1;
    if (event.hash !== eventHash(event))
      report.faults.push({
        table: 'events',
        id: event.id,
        message: `Event ${event.id} does not fit its hash.`,
      });
    if (event.number !== index + 1) {
      report.faults.push({
        table: 'events',
        id: event.id,
        message: `Event ${event.id} is number ${event.number} where ${index + 1} is expected.`,
      });
    }
    folded = fold(folded, event);
  }
  if (!folded) {
    report.faults.push({
      table: 'permissions',
      id: permission.id,
      message: `Permission ${permission.id} has no event.`,
    });
    return;
  }
  for (const [column, value] of Object.entries(folded)) {
    const stored = permission[column as keyof PermissionFacts];
    if (stored !== value) {
      report.faults.push({
        table: 'permissions',
        id: permission.id,
        message: `Permission ${permission.id}: ${column} is ${stored}, its events say ${value}.`,
      });
    }
  }
}

async function verifyEvidence(db: Db, keys: Keys, report: LedgerReport): Promise<void> {
  const after = (last: EvidenceRow | undefined) =>
    db
      .selectFrom('evidence')
      .innerJoin('people', 'people.id', 'evidence.person_id')
      .select(['evidence.id', 'evidence.content_enc', 'evidence.commitment', 'people.key_wrapped'])
      .where('evidence.id', '>', last?.id ?? '')
      .orderBy('evidence.id')
      .limit(page)
      .execute();
  for await (const rows of readAhead<EvidenceRow>(after)) {
    for (const row of rows) checkEvidence(keys, row, report);
    await checkCommitments(db, rows, report);
  }
}

interface EvidenceRow {
  id: string;
  content_enc: string | null;
  commitment: string;
  key_wrapped: string | null;
}

function checkEvidence(keys: Keys, row: EvidenceRow, report: LedgerReport): void {
  if (!row.key_wrapped) {
    report.erased += 1;
    return;
  }
  if (!row.content_enc) {
    report.faults.push({
      table: 'evidence',
      id: row.id,
      message: `Evidence ${row.id} is empty, and nobody erased its person.`,
    });
    return;
  }
  try {
    const salted = decryptText(unwrapPersonKey(keys, row.key_wrapped), row.content_enc);
    if (commitmentOf(salted) === row.commitment) report.evidence += 1;
    else
      report.faults.push({
        table: 'evidence',
        id: row.id,
        message: `Evidence ${row.id} does not fit its commitment.`,
      });
  } catch {
    report.faults.push({
      table: 'evidence',
      id: row.id,
      message: `Evidence ${row.id} cannot be decrypted; is APP_SECRET the right one?`,
    });
  }
}

async function checkCommitments(db: Db, rows: EvidenceRow[], report: LedgerReport): Promise<void> {
  const events = await db
    .selectFrom('events')
    .select(['id', 'evidence_id', 'commitment'])
    .where(
      'evidence_id',
      'in',
      rows.map((row) => row.id),
    )
    .execute();
  const commitments = new Map(rows.map((row) => [row.id, row.commitment]));
  for (const event of events) {
    if (event.commitment !== commitments.get(event.evidence_id ?? '')) {
      report.faults.push({
        table: 'events',
        id: event.id,
        message: `Event ${event.id} commits to other evidence than it names.`,
      });
    }
  }
}

async function findMissingEvidence(db: Db, report: LedgerReport): Promise<void> {
  const rows = await db
    .selectFrom('events')
    .leftJoin('evidence', 'evidence.id', 'events.evidence_id')
    .select(['events.id', 'events.evidence_id'])
    .where('events.evidence_id', 'is not', null)
    .where('evidence.id', 'is', null)
    .execute();
  for (const row of rows) {
    report.faults.push({
      table: 'events',
      id: row.id,
      message: `Event ${row.id} names evidence ${row.evidence_id}, which is missing.`,
    });
  }
}

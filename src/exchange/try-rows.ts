import type { Tx } from '#db/connect.ts';
import { isUniqueViolation } from '#db/errors.ts';
import { gatherRows } from '#db/insert-rows.ts';
import type { App } from '#src/app/app.ts';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import type { Capture } from '#src/permissions/capture.ts';
import { type CaptureBatch, captureBatch } from '#src/permissions/capture-batch.ts';
import { captureConsent } from '#src/permissions/capture-consent.ts';
import { recordImportedNo } from '#src/permissions/record-imported-no.ts';
import type { ImportRow } from './import-row.ts';
import type { Import } from './imports.ts';
import { type ReadRow, readRow } from './read-row.ts';

/** The possible outcomes of a row. */
export const lineOutcomes = [
  'usable',
  'unusable',
  'no',
  'withdrawn',
  'bounced',
  'complained',
  'older',
  'unchanged',
  'folded',
  'left_out',
  'refused',
] as const;

/** The outcome of a line. */
export interface LineOutcome {
  line: number;
  outcome: (typeof lineOutcomes)[number];
  /** Why it is unusable, or which column is wrong and why. Never its value. */
  why: string | null;
  /** For an unusable line: the reason of the decision. */
  reason?: string;
}

/** Few enough that other writers do not wait long. */
export const rowsAtOnce = 100;

/** The outcomes that these lines would have: does the same as `landRows`, then rolls back. */
export async function tryRows(app: App, rows: ImportRow[], actor: string): Promise<LineOutcome[]> {
  let outcomes: LineOutcome[] = [];
  try {
    await app.db.transaction().execute(async (tx) => {
      outcomes = await importRows(tx, app, rows, actor);
      throw new RollbackError();
    });
  } catch (error) {
    if (!(error instanceof RollbackError)) throw error;
  }
  return outcomes;
}

/** Writes these lines and, in the same transaction, the progress of the import. Their evidence names file and line. */
export async function landRows(
  app: App,
  rows: ImportRow[],
  { id, filed_by: actor }: Pick<Import, 'id' | 'filed_by'>,
  note: (tx: Tx, outcomes: LineOutcome[]) => Promise<void>,
): Promise<void> {
  const land = () =>
    app.db.transaction().execute(async (tx) => note(tx, await importRows(tx, app, rows, actor, id)));
  // A person may sign up with one of these addresses at the same moment; the second try finds them.
  await land().catch((error) => (isUniqueViolation(error) ? land() : Promise.reject(error)));
  app.mailsQueued();
}

class RollbackError extends Error {}

/** A yes that was written, or that an older no outweighs. The decision says whether it is usable. */
interface Yes {
  outcome: LineOutcome;
  capture: Capture;
  missing: string[];
}

async function importRows(
  tx: Tx,
  app: App,
  rows: ImportRow[],
  actor: string,
  importId?: string,
): Promise<LineOutcome[]> {
  const captures: Yes[] = [];
  const lines = rows.map((row) => ({ line: row.line, read: named(readRow(app, row), row.line, importId) }));
  const addresses = lines.flatMap(({ read }) => ('address' in read && read.address ? [read.address] : []));
  const batch = await captureBatch(tx, app.keys, addresses);
  const gathered = gatherRows(tx);
  const outcomes: LineOutcome[] = [];
  for (const { line, read } of lines) {
    const act = () => importRow(tx, app, line, read, actor, batch);
    // Nothing has to be read about unknown addresses, so the writes for several of them are gathered.
    const hash = 'address' in read ? read.address?.hash : undefined;
    const isUnknownAddress = hash !== undefined && batch.owners.get(hash)?.length === 0;
    if (!isUnknownAddress) await gathered.write();
    const { yes, outcome } = isUnknownAddress ? await gathered.during(act) : await act();
    outcomes.push(outcome);
    if (yes) captures.push({ ...yes, outcome });
  }
  await gathered.write();
  await decideAbout(tx, app, captures);
  return outcomes;
}

function named(read: ReadRow, line: number, importId: string | undefined): ReadRow {
  if (!('capture' in read) || importId === undefined) return read;
  const evidence = { ...read.capture.evidence, import_id: importId, import_line: String(line) };
  return { ...read, capture: { ...read.capture, evidence } };
}

async function importRow(
  tx: Tx,
  app: App,
  line: number,
  read: ReadRow,
  actor: string,
  batch: CaptureBatch,
): Promise<{ outcome: LineOutcome; yes?: Omit<Yes, 'outcome'> }> {
  if ('outcome' in read) return { outcome: { line, ...read } };
  if ('no' in read) {
    const { no } = read;
    const result = await recordImportedNo(tx, app, no, actor, batch);
    if (result.outcome === 'refused') {
      return { outcome: { line, outcome: 'refused', why: `${result.field}: ${result.message}` } };
    }
    const outcome = result.outcome === 'recorded' ? no.state : result.outcome;
    return { outcome: { line, outcome, why: null } };
  }
  const { capture } = read;
  const result = await captureConsent(tx, app, capture, { origin: 'import', actor }, batch);
  if (result.outcome === 'captured') {
    if (result.unchanged) return { outcome: { line, outcome: 'unchanged', why: null } };
    return { outcome: { line, outcome: 'unusable', why: null }, yes: { capture, missing: result.missing } };
  }
  const [refusal] = result.faults;
  const why = refusal ? `${refusal.field}: ${refusal.message}` : null;
  if (refusal?.code === 'withdrawn_since') return { outcome: { line, outcome: 'older', why } };
  if (refusal?.code === 'withdrawn_before') {
    return { outcome: { line, outcome: 'unusable', why }, yes: { capture, missing: [] } };
  }
  return { outcome: { line, outcome: 'refused', why } };
}

/** Sets `usable` or `unusable`, as decisions say. */
async function decideAbout(tx: Tx, app: App, captures: Yes[]): Promise<void> {
  for (const same of Map.groupBy(captures, ({ capture }) => questionKey(capture)).values()) {
    const [first] = same;
    if (!first) continue;
    const addresses = same.map(({ capture }) => capture.contact_point);
    const decided = await decideContacts(app, tx, questionOf(first.capture), addresses);
    for (const [index, { outcome, missing }] of same.entries()) {
      const decision = decided[index]?.decision;
      if (!decision) continue;
      const absent = missing.length > 0 ? ` (${missing.join(', ')})` : '';
      outcome.outcome = decision.allowed ? 'usable' : 'unusable';
      outcome.why = decision.allowed ? null : `${decision.reason}${absent}`;
      if (!decision.allowed) outcome.reason = decision.reason;
    }
  }
}

function questionOf({ purpose, channel, audience }: Capture) {
  return { purpose, channel, audience };
}

function questionKey({ purpose, channel, audience }: Capture): string {
  return JSON.stringify([purpose, channel, audience]);
}

import { isUniqueViolation, type Tx } from '#db/connect.ts';
import { gatherRows } from '#db/insert-rows.ts';
import type { App } from '#src/app.ts';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { type ReadAddress, readAddress } from '#src/people/find-by-address.ts';
import { type Capture, importedSchema } from '#src/permissions/capture.ts';
import { captureBatch } from '#src/permissions/capture-batch.ts';
import { captureConsent } from '#src/permissions/capture-consent.ts';
import { captureOf } from './import-columns.ts';
import type { ImportRow } from './import-rows.ts';
import { faultOfDates, withIsoDates } from './written-dates.ts';

/** What is wrong with a line, or what became of it. */
export interface LineOutcome {
  line: number;
  outcome: 'usable' | 'unusable' | 'refused';
  /** Why it is unusable, or which column is wrong and why. Never what stood there. */
  why: string | null;
}

/** Few enough that nobody waits long for their turn to write. */
export const rowsAtOnce = 100;

/** What would become of these lines. Rolled back: it is what the real run does, and nothing of it stays. */
export async function tryRows(app: App, rows: ImportRow[], actor: string): Promise<LineOutcome[]> {
  let outcomes: LineOutcome[] = [];
  try {
    await app.db.transaction().execute(async (tx) => {
      outcomes = await importRows(tx, app, rows, actor);
      throw new NothingStays();
    });
  } catch (error) {
    if (!(error instanceof NothingStays)) throw error;
  }
  return outcomes;
}

/** Writes these lines and, in the same transaction, how far the import has come. */
export async function landRows(
  app: App,
  rows: ImportRow[],
  actor: string,
  note: (tx: Tx, outcomes: LineOutcome[]) => Promise<void>,
): Promise<void> {
  const land = () =>
    app.db.transaction().execute(async (tx) => note(tx, await importRows(tx, app, rows, actor)));
  // Somebody may sign up with one of these addresses at the same moment; the second time they are found.
  await land().catch((error) => (isUniqueViolation(error) ? land() : Promise.reject(error)));
  app.mailsQueued();
}

class NothingStays extends Error {}

async function importRows(tx: Tx, app: App, rows: ImportRow[], actor: string): Promise<LineOutcome[]> {
  const outcomes: LineOutcome[] = [];
  const captured: { at: number; capture: Capture; missing: string[] }[] = [];
  const lines = rows.map((row) => ({ ...readRow(app, row), line: row.line }));
  const addresses = lines.flatMap((line) => ('address' in line && line.address ? [line.address] : []));
  const batch = await captureBatch(tx, app.keys, addresses);
  const by = { origin: 'import', actor } as const;
  const gathered = gatherRows(tx);
  for (const { line, ...read } of lines) {
    if ('why' in read) {
      outcomes.push({ line, outcome: 'refused', why: read.why });
      continue;
    }
    const { capture, address } = read;
    const act = () => captureConsent(tx, app, capture, by, batch);
    // About a stranger there is nothing to read: what is written about many of them is written together.
    const stranger = address !== undefined && batch.owners.get(address.hash)?.length === 0;
    if (!stranger) await gathered.write();
    const result = stranger ? await gathered.during(act) : await act();
    if (result.outcome === 'captured') {
      captured.push({ at: outcomes.length, capture, missing: result.missing });
    }
    const [refusal] = result.outcome === 'refused' ? result.faults : [];
    const why = refusal ? `${refusal.field}: ${refusal.message}` : null;
    outcomes.push({ line, outcome: 'refused', why });
  }
  await gathered.write();
  // Whether a permission carries a contact is for the decision to say.
  for (const same of Map.groupBy(captured, ({ capture }) => questionKey(capture)).values()) {
    const [first] = same;
    if (!first) continue;
    const addresses = same.map(({ capture }) => capture.contact_point);
    const decided = await decideContacts(app, tx, questionOf(first.capture), addresses);
    for (const [index, { at, missing }] of same.entries()) {
      const outcome = outcomes[at];
      const decision = decided[index]?.decision;
      if (!outcome || !decision) continue;
      outcome.outcome = decision.allowed ? 'usable' : 'unusable';
      const absent = missing.length > 0 ? ` (${missing.join(', ')})` : '';
      outcome.why = decision.allowed ? null : `${decision.reason}${absent}`;
    }
  }
  return outcomes;
}

function readRow(
  app: App,
  row: ImportRow,
): { why: string } | { capture: Capture; address: ReadAddress | undefined } {
  if (row.fault) return { why: row.fault };
  const fault = formulaIn(row.values) ?? faultOfDates(row.values);
  if (fault) return { why: fault };
  const read = importedSchema.safeParse(captureOf(withIsoDates(row.values)), { reportInput: true });
  if (!read.success) {
    const [issue] = read.error.issues;
    const missing = issue?.input === undefined;
    return {
      why: `${String(issue?.path.at(-1) ?? 'line')}: ${missing ? 'This is needed.' : issue?.message}`,
    };
  }
  const capture = read.data;
  const [address] = readAddress(app.keys, capture.contact_point, capture.channel);
  return { capture, address };
}

/** A spreadsheet that was saved with its formulas: what they come to stands nowhere. */
function formulaIn(values: Record<string, string>): string | undefined {
  const [name] = Object.entries(values).find(([, value]) => value.startsWith('=')) ?? [];
  return name && `${name}: This is a formula, not what it comes to.`;
}

function questionOf({ purpose, channel, audience }: Capture) {
  return { purpose, channel, audience, jurisdiction: 'DE' as const };
}

function questionKey({ purpose, channel, audience }: Capture): string {
  return JSON.stringify([purpose, channel, audience]);
}

import Papa from 'papaparse';
import type { App } from '#src/app.ts';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { type Capture, importedSchema } from '#src/permissions/capture.ts';
import { captureConsent } from '#src/permissions/capture-consent.ts';

/** What is wrong with a line, or what became of it. Lines count from 1, the one with the names. */
export interface ImportedLine {
  line: number;
  outcome: 'usable' | 'unusable' | 'refused';
  /** Why it is unusable, or which column is wrong and why. */
  why: string | null;
}

export interface ImportReport {
  rows: number;
  usable: number;
  unusable: number;
  refused: number;
  lines: ImportedLine[];
}

export type ImportResult =
  | { outcome: 'unreadable'; code: string; message: string }
  /** `landed` is false after a dry run, and when a line was refused: then nothing was written at all. */
  | { outcome: 'read'; landed: boolean; report: ImportReport };

export const mostImported = 5000;

const about = [
  'contact_point',
  'channel',
  'purpose',
  'audience',
  'text_version',
  'captured_at',
  'captured_by',
];
const ofPerson = ['given_name', 'family_name', 'company', 'street', 'postal_code', 'city', 'country'];
const ofEvidence = ['source', 'proof_ref', 'confirmed_at'];
const needed = [
  'contact_point',
  'channel',
  'purpose',
  'text_version',
  'captured_at',
  'captured_by',
  'source',
];

/** Brings in permissions from another system, with their proof. All of the file or nothing. */
export async function importCaptures(
  app: App,
  csv: string,
  by: { actor: string },
  { dryRun }: { dryRun: boolean },
): Promise<ImportResult> {
  const { data, meta } = Papa.parse<Record<string, string>>(csv.replace(/^\uFEFF/, ''), {
    header: true,
    skipEmptyLines: true,
  });
  const unreadable = faultOf(meta, data.length);
  if (unreadable) return { outcome: 'unreadable', ...unreadable };
  let report = reportOf([]);
  try {
    await app.db.transaction().execute(async (tx) => {
      const lines: ImportedLine[] = [];
      for (const [index, row] of data.entries()) {
        lines.push({ line: index + 2, ...(await importRow(tx, app, row, by)) });
      }
      report = reportOf(lines);
      // Rolled back: what a dry run shows is what the real one would do, down to the last line.
      if (dryRun || report.refused > 0) throw new NothingLands();
    });
    app.mailsQueued();
    return { outcome: 'read', landed: true, report };
  } catch (error) {
    if (error instanceof NothingLands) return { outcome: 'read', landed: false, report };
    throw error;
  }
}

class NothingLands extends Error {}

function faultOf(
  { fields = [] }: Papa.ParseMeta,
  rows: number,
): { code: string; message: string } | undefined {
  const names = fields.map((name) => name.trim());
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    return { code: 'missing_columns', message: `The first line does not name: ${missing.join(', ')}.` };
  }
  const known = [...about, ...ofPerson, ...ofEvidence];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    return {
      code: 'unknown_columns',
      message: `Nothing is known about these columns: ${unknown.join(', ')}.`,
    };
  }
  if (rows > mostImported) {
    return { code: 'too_many_rows', message: `A file has ${mostImported} lines at most. Split it.` };
  }
  return undefined;
}

async function importRow(
  tx: Parameters<typeof captureConsent>[0],
  app: App,
  row: Record<string, string>,
  by: { actor: string },
): Promise<Omit<ImportedLine, 'line'>> {
  const read = importedSchema.safeParse({
    ...filled(row, about),
    person: filled(row, ofPerson),
    evidence: filled(row, ofEvidence),
  });
  if (!read.success) {
    const [issue] = read.error.issues;
    return { outcome: 'refused', why: `${String(issue?.path.at(-1) ?? 'line')}: ${issue?.message}` };
  }
  const result = await captureConsent(tx, app, read.data, { origin: 'import', actor: by.actor });
  if (result.outcome === 'refused') {
    const [fault] = result.faults;
    return { outcome: 'refused', why: `${fault?.field}: ${fault?.message}` };
  }
  const [decided] = await decideContacts(app, tx, questionOf(read.data), [read.data.contact_point]);
  if (decided?.decision.allowed) return { outcome: 'usable', why: null };
  const missing = result.missing.length > 0 ? ` (${result.missing.join(', ')})` : '';
  return { outcome: 'unusable', why: `${decided?.decision.reason}${missing}` };
}

function questionOf({ purpose, channel, audience }: Capture) {
  return { purpose, channel, audience, jurisdiction: 'DE' as const };
}

function filled(row: Record<string, string>, names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = row[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
}

function reportOf(lines: ImportedLine[]): ImportReport {
  const count = (outcome: ImportedLine['outcome']) => lines.filter((line) => line.outcome === outcome).length;
  return {
    rows: lines.length,
    usable: count('usable'),
    unusable: count('unusable'),
    refused: count('refused'),
    lines: lines.filter((line) => line.outcome !== 'usable'),
  };
}

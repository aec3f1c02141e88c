import type { App } from '#src/app/app.ts';
import { type ParsedAddress, parseAddress } from '#src/people/find-by-address.ts';
import { type Capture, importedSchema, readMoment } from '#src/permissions/capture.ts';
import type { ImportedNo } from '#src/permissions/record-imported-no.ts';
import { captureOf } from './import-columns.ts';
import type { ImportRow } from './import-row.ts';
import { isNo, type NoState } from './row-states.ts';
import { faultOfDates, withIsoDates } from './written-dates.ts';

/** A parsed row: decided already, a no, or a yes. */
export type ReadRow =
  | { outcome: 'refused' | 'folded' | 'left_out'; why: string | null }
  | { no: ImportedNo; address: ParsedAddress }
  | { capture: Capture; address: ParsedAddress | undefined };

export function readRow(app: App, row: ImportRow): ReadRow {
  if (row.fault) return refused(row.fault);
  if (row.state === 'leave_out') return { outcome: 'left_out', why: null };
  if (row.folded) return { outcome: 'folded', why: row.folded };
  const given = { ...row.values, ...(row.stateAt && { state_at: row.stateAt }) };
  const fault = formulaIn(given) ?? faultOfDates(given);
  if (fault) return refused(fault);
  const values = withIsoDates(given);
  return isNo(row.state) ? readNo(app, values, row.state) : readYes(app, values, row.state === 'pending');
}

function readYes(app: App, { state_at: _, ...values }: Record<string, string>, pending: boolean): ReadRow {
  const said = captureOf(values);
  const { confirmed_at, ...evidence } = said.evidence;
  // A pending consent was never confirmed, whatever the other cells say.
  const given = pending ? { ...said, evidence: { ...evidence, state: 'pending' } } : said;
  const read = importedSchema.safeParse(given, { reportInput: true });
  if (!read.success) {
    const [issue] = read.error.issues;
    const missing = issue?.input === undefined;
    return refused(
      `${String(issue?.path.at(-1) ?? 'line')}: ${missing ? 'This field is required.' : issue?.message}`,
    );
  }
  const capture = read.data as Capture;
  const [address] = parseAddress(app.keys, capture.contact_point, capture.channel);
  return { capture, address };
}

/** A no needs only the address. */
function readNo(app: App, values: Record<string, string>, state: NoState): ReadRow {
  const { contact_point, channel, purpose, state_at } = values;
  if (!contact_point) return refused('contact_point: This field is required.');
  const on = importedSchema.shape.channel.safeParse(channel);
  if (!on.success)
    return refused(`channel: ${channel ? 'There is no such channel.' : 'This field is required.'}`);
  const [address] = parseAddress(app.keys, contact_point, on.data);
  if (!address) return refused('contact_point: This is not an address on this channel.');
  const at = state_at === undefined ? undefined : readMoment(state_at);
  if (at === null) return refused('state_at: This is neither a date nor a time.');
  const { contact_point: _, given_name, family_name, ...typed } = values;
  return { no: { address, state, purpose, at, typed }, address };
}

function refused(why: string): ReadRow {
  return { outcome: 'refused', why };
}

/** A spreadsheet that was saved with formulas: their results are not in the file. */
function formulaIn(values: Record<string, string>): string | undefined {
  const [name] = Object.entries(values).find(([, value]) => value.startsWith('=')) ?? [];
  return name && `${name}: This is a formula, not its result.`;
}

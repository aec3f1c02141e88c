import type { Channel } from '#db/schema/vocabulary.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import type { ImportRow } from './import-row.ts';
import { isNo, stricter, type ValueMeaning } from './row-states.ts';

/**
 * When several lines are about the same address, purpose and channel, one counts: equal lines are folded into the first,
 * and the strictest no wins. Two different captures are both refused, because only the author of the file knows which counts.
 */
export function settleRepeats(rows: ImportRow[]): ImportRow[] {
  const groups = new Map<string, ImportRow[]>();
  for (const row of rows) {
    const key = row.fault || row.state === 'leave_out' ? undefined : keyOf(row);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const settled = new Map<ImportRow, ImportRow>();
  for (const group of groups.values())
    if (group.length > 1) for (const [row, now] of settle(group)) settled.set(row, now);
  return rows.map((row) => settled.get(row) ?? row);
}

function settle(group: ImportRow[]): [ImportRow, ImportRow][] {
  const firsts = new Map<string, ImportRow>();
  for (const row of group) if (!firsts.has(contentOf(row))) firsts.set(contentOf(row), row);
  const different = [...firsts.values()];
  const strictest = different.map(stateOf).reduce(stricter);
  const counts = isNo(strictest)
    ? newestOf(different.filter((row) => stateOf(row) === strictest))
    : different[0];
  return group.flatMap((row): [ImportRow, ImportRow][] => {
    const first = firsts.get(contentOf(row)) ?? row;
    if (row !== first) return [[row, { ...row, folded: `Line ${first.line} says the same.` }]];
    if (row === counts && (isNo(strictest) || different.length === 1)) return [];
    if (isNo(strictest)) return [[row, { ...row, folded: `Line ${counts?.line} is a no to the same.` }]];
    const other = different.find((one) => one !== row) ?? row;
    return [[row, { ...row, fault: `Line ${other.line} is about the same address, purpose and channel.` }]];
  });
}

function newestOf(rows: ImportRow[]): ImportRow | undefined {
  return rows.reduce((one, other) => ((other.stateAt ?? '') > (one.stateAt ?? '') ? other : one));
}

function stateOf({ state = 'yes' }: ImportRow): ValueMeaning {
  return state;
}

function contentOf(row: ImportRow): string {
  const { contact_point: _, ...values } = row.values;
  return JSON.stringify([stateOf(row), row.stateAt, Object.entries(values).sort()]);
}

const channels: string[] = ['email', 'sms', 'phone', 'fax', 'post'] satisfies Channel[];

function keyOf({
  values: { contact_point = '', channel = '', purpose = '' },
}: ImportRow): string | undefined {
  if (!channels.includes(channel)) return undefined;
  const point = normaliseContactPoint(channel as Channel, contact_point);
  return point.ok ? `${channel} ${purpose} ${point.value}` : undefined;
}

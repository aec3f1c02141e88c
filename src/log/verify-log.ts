import type { Db } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { findMissingRows } from './find-missing-rows.ts';
import type { Find, LogFinding, OutsideHead } from './finding.ts';
import { logSources } from './sources.ts';
import { verifyAddresses } from './verify-addresses.ts';
import { verifyEntries } from './verify-entries.ts';
import { verifyRows } from './verify-rows.ts';

export interface LogReport {
  entries: number;
  outside: OutsideHead[];
  findings: LogFinding[];
}

/**
 * Compares the log with itself, with the heads that were kept outside, and with the tables that it speaks of. In pages,
 * so that a log of any size needs the same memory. It changes nothing.
 */
export async function verifyLog(
  { db, keys }: Pick<App, 'db' | 'keys'>,
  outside: OutsideHead[],
): Promise<LogReport> {
  const found: Found[] = [];
  const find: Find = (finding, between) => found.push({ ...finding, between });
  const entries = await verifyEntries(db, outside, find, async (page) => {
    await findMissingRows(db, page, find);
    await verifyAddresses({ db, keys }, page, find);
  });
  for (const source of logSources) await verifyRows(db, source, find);
  return { entries, outside, findings: await located(db, outside, found) };
}

type Found = Omit<LogFinding, 'between'> & { between: LogFinding['between'] | undefined };

/** Says between which checkpoints each of them is, where that is not known better. */
async function located(db: Db, outside: OutsideHead[], found: Found[]): Promise<LogFinding[]> {
  const findings: LogFinding[] = [];
  let last: LogFinding['between'] = [null, 0];
  for (const finding of found) {
    const { index } = finding;
    const isNear = index !== null && index >= (last[0] ?? 0) && index < (last[1] ?? Number.POSITIVE_INFINITY);
    if (!finding.between && !isNear) last = await sizesAround(db, outside, index);
    findings.push({ ...finding, between: finding.between ?? last });
  }
  return findings;
}

/** What the column of a size holds on PostgreSQL. */
const largestSize = 2 ** 31 - 1;

/** The sizes of the heads before and after a place; without one, the newest. */
async function sizesAround(
  db: Db,
  outside: OutsideHead[],
  index: number | null,
): Promise<LogFinding['between']> {
  const place = index ?? largestSize;
  const own = db.selectFrom('log_checkpoints');
  const [before, after] = await Promise.all([
    own
      .select((eb) => eb.fn.max('size').as('size'))
      .where('size', '<=', place)
      .executeTakeFirst(),
    own
      .select((eb) => eb.fn.min('size').as('size'))
      .where('size', '>', place)
      .executeTakeFirst(),
  ]);
  const sizes = [before?.size, after?.size, ...outside.map(({ size }) => size)]
    .flatMap((size) => (size == null ? [] : [Number(size)]))
    .sort((a, b) => a - b);
  return [sizes.findLast((size) => size <= place) ?? null, sizes.find((size) => size > place) ?? null];
}

import type { Db } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { findMissingRows } from './find-missing-rows.ts';
import type { Find, LogFinding, OutsideHead } from './finding.ts';
import { logSources } from './sources.ts';
import { verifyAddresses } from './verify-addresses.ts';
import { type Head, verifyEntries } from './verify-entries.ts';
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
  const heads = await checkpointHeads(db);
  const sizes = [...new Set([...heads, ...outside].map(({ size }) => size))].sort((a, b) => a - b);
  const report: LogReport = { entries: 0, outside, findings: [] };
  const find = finderOf(report, sizes);
  report.entries = await verifyEntries(db, [...heads, ...outside], find);
  for (const source of logSources) {
    await verifyRows(db, source, find);
    await findMissingRows(db, source, find);
  }
  await verifyAddresses({ db, keys }, find);
  return report;
}

function finderOf(report: LogReport, sizes: number[]): Find {
  return (finding, between) => {
    const { index } = finding;
    const around: LogFinding['between'] =
      index === null
        ? [sizes.at(-1) ?? null, null]
        : [sizes.findLast((size) => size <= index) ?? null, sizes.find((size) => size > index) ?? null];
    report.findings.push({ ...finding, between: between ?? around });
  };
}

async function checkpointHeads(db: Db): Promise<Head[]> {
  const rows = await db.selectFrom('log_checkpoints').select(['size', 'root']).orderBy('size').execute();
  return rows.map(({ size, root }) => ({ size: Number(size), root }));
}

import type { Tx } from '#db/connect.ts';
import { lockKeys } from '#db/locks.ts';
import type { Channel } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { type ReadAddress, readAddress } from '#src/people/find-by-address.ts';
import { suppress } from '#src/people/suppress.ts';
import { withdrawByAddress } from './withdraw-by-address.ts';

/** What another sender tells about an address: its mailbox is dead, its reader complained, or said no. */
export interface SuppressionReport {
  contactPoint: string;
  channel: Channel;
  reason: 'bounce' | 'complaint' | 'objection';
  /** When it happened there, ISO. */
  at: string;
  /** Who tells it. */
  source: string;
}

export interface ReportFault {
  index: number;
  field: 'contact_point' | 'at';
  code: 'invalid' | 'in_future';
}

export type ReportSuppressionsResult =
  | { outcome: 'refused'; faults: ReportFault[] }
  /** `suppressed`: addresses that were not blocked for this reason before. `changes`: permissions that an objection ended. */
  | { outcome: 'recorded'; suppressed: number; changes: number };

/**
 * Blocks these addresses, known or not, for every purpose on their channel: all of them, or none where one report is
 * refused. A bounce or a complaint is no event of the person: nobody said no. An objection is one: it withdraws what
 * stands on that channel as well, and the person is told.
 */
export async function reportSuppressions(
  tx: Tx,
  app: App,
  reports: SuppressionReport[],
  actor: string,
): Promise<ReportSuppressionsResult> {
  const now = app.now();
  const read = reports.map((report) => ({
    ...report,
    address: readAddress(app.keys, report.contactPoint, report.channel)[0],
  }));
  const faults = read.flatMap(({ address, at }, index): ReportFault[] => [
    ...(address ? [] : [{ index, field: 'contact_point', code: 'invalid' } as const]),
    ...(Date.parse(at) > now.getTime() + clockSkewMs
      ? [{ index, field: 'at', code: 'in_future' } as const]
      : []),
  ]);
  if (faults.length > 0) return { outcome: 'refused', faults };

  const recordedAt = now.toISOString();
  const known = read.flatMap(({ address, ...report }) => (address ? [{ ...report, address }] : []));
  // All at once and before anything is read: two calls about the same addresses must not wait for each other.
  await lockKeys(
    tx,
    known.map(({ address }) => address.hash),
  );
  let suppressed = 0;
  for (const reason of ['bounce', 'complaint', 'objection'] as const) {
    const of = known.filter((report) => report.reason === reason);
    suppressed += await suppress(tx, recordedAt, earliest(of, recordedAt), reason);
  }
  let changes = 0;
  for (const { contactPoint, channel, reason, at, source } of known) {
    if (reason !== 'objection') continue;
    const how = `objection of ${at}, reported by ${source}`;
    const result = await withdrawByAddress(tx, app, { contactPoint, channel, how }, { origin: 'api', actor });
    changes += result.outcome === 'withdrawn' ? result.changes.length : 0;
  }
  return { outcome: 'recorded', suppressed, changes };
}

/** How far the reporting machine's clock may run ahead of ours. */
const clockSkewMs = 60_000;

/** Of several reports about one address the first counts. */
function earliest(reports: (SuppressionReport & { address: ReadAddress })[], now: string) {
  const inOrder = reports.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  return [...Map.groupBy(inOrder, ({ address }) => address.hash).values()].flatMap(([first]) =>
    first
      ? [
          {
            channel: first.channel,
            hash: first.address.hash,
            since: first.at < now ? first.at : now,
            source: first.source,
          },
        ]
      : [],
  );
}

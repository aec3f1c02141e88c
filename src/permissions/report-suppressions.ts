import type { Tx } from '#db/connect.ts';
import { lockKeys } from '#db/locks.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { type ParsedAddress, parseAddress } from '#src/people/find-by-address.ts';
import { suppress } from '#src/people/suppress.ts';
import { withdrawByAddress } from './withdraw-by-address.ts';

/** A report of another sending system: the address bounced, or its owner complained or objected. */
export interface SuppressionReport {
  contactPoint: string;
  channel: Channel;
  reason: 'bounce' | 'complaint' | 'objection';
  /** When it happened, ISO. */
  at: string;
  /** Name of the reporting system. */
  source: string;
}

export interface ReportFault {
  index: number;
  field: 'contact_point' | 'at';
  code: 'invalid' | 'in_future';
}

export type ReportSuppressionsResult =
  | { outcome: 'refused'; faults: ReportFault[] }
  /** `suppressed`: newly blocked addresses. `changes`: permissions that an objection ended. */
  | { outcome: 'recorded'; suppressed: number; changes: number };

/**
 * Blocks these addresses, known or unknown, for all purposes on their channel. If one report is invalid, none is
 * recorded. An objection also withdraws the person's permissions on that channel and notifies them; bounces and
 * complaints do not, because the person did not withdraw anything.
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
    address: parseAddress(app.keys, report.contactPoint, report.channel)[0],
  }));
  const faults = read.flatMap(({ address, at }, index): ReportFault[] => [
    ...(address ? [] : [{ index, field: 'contact_point', code: 'invalid' } as const]),
    ...(Date.parse(at) > now.getTime() + clockSkewMs
      ? [{ index, field: 'at', code: 'in_future' } as const]
      : []),
  ]);
  if (faults.length > 0) return { outcome: 'refused', faults };

  const recordedAt = now.toISOString();
  const valid = read.flatMap(({ address, ...report }) => (address ? [{ ...report, address }] : []));
  // All locks at once and before any read, so that two calls about the same addresses cannot deadlock.
  await lockKeys(
    tx,
    valid.map(({ address }) => address.hash),
  );
  let suppressed = 0;
  for (const reason of ['bounce', 'complaint', 'objection'] as const) {
    const of = valid.filter((report) => report.reason === reason);
    suppressed += await suppress(tx, recordedAt, earliest(of, recordedAt), reason);
  }
  let changes = 0;
  for (const { contactPoint, channel, reason, at, source } of valid) {
    if (reason !== 'objection') continue;
    const how = `objection of ${at}, reported by ${source}`;
    const result = await withdrawByAddress(tx, app, { contactPoint, channel, how }, { origin: 'api', actor });
    changes += result.outcome === 'withdrawn' ? result.changes.length : 0;
  }
  return { outcome: 'recorded', suppressed, changes };
}

/** How far the reporting machine's clock may run ahead of ours. */
const clockSkewMs = 60_000;

/** The earliest report per address. */
function earliest(reports: (SuppressionReport & { address: ParsedAddress })[], now: string) {
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

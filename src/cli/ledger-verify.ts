import { readFile } from 'node:fs/promises';
import { pendingMigrations } from '#db/migrate.ts';
import type { App } from '#src/app/app.ts';
import { noteLedgerCheck } from '#src/figures/ledger-check.ts';
import { type LedgerReport, verifyLedger } from '#src/ledger/verify.ts';
import type { OutsideHead } from '#src/log/finding.ts';
import { readOutside } from '#src/log/read-outside.ts';
import { type LogReport, verifyLog } from '#src/log/verify-log.ts';
import { findImplausible } from '#src/permissions/find-implausible.ts';
import { weighAllOldCaptures } from '#src/permissions/weigh-old-captures.ts';
import { readArguments, UsageError } from './command.ts';
import { withApp } from './with-app.ts';

export async function ledgerVerifyCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { against: { type: 'string', multiple: true } });
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is not an option here.`);
  return withApp(async (app) => {
    const pending = await pendingMigrations(app.db);
    if (pending.length > 0) {
      console.error(`The database is not up to date (${pending.join(', ')}). Run: npm run jawort -- migrate`);
      return 2;
    }
    const outside = await readAll(app, values.against ?? []);
    if (!outside) return 2;
    const ledger = await verifyLedger(app.db, app.keys);
    const log = await verifyLog(app, outside);
    const faults = [...ledger.faults.map(asFinding), ...log.findings];
    // Implausible evidence is no fault of the ledger, which keeps what was entered. Decisions do not rest on it.
    await weighAllOldCaptures(app);
    const implausible = (await findImplausible(app.db)).map((finding) => ({
      ...asFinding(finding),
      kind: finding.kind,
    }));
    await noteLedgerCheck(app, faults.length === 0);
    if (values.json) {
      const { faults: _, ...counts } = ledger;
      console.log(JSON.stringify({ ...counts, ...log, findings: [...faults, ...implausible] }));
    } else {
      console.log(comparedWith(outside));
      for (const { message, between } of faults) console.log(`✗ ${message}${placeOf(between)}`);
      for (const { kind, id, message } of implausible) console.log(`! ${kind}: event ${id}: ${message}`);
      console.log(summaryOf(ledger, log, faults.length));
    }
    if (faults.length > 0) return 1;
    return outside.length > 0 ? 0 : 3;
  });
}

/** `undefined`, and said why, when one of them cannot be read. */
async function readAll(app: App, names: string[]): Promise<OutsideHead[] | undefined> {
  const heads: OutsideHead[] = [];
  for (const name of names) {
    const note = await fetchNote(name);
    const read = note === undefined ? undefined : await readOutside(app, name, note);
    if (read?.outcome === 'read') heads.push(read.head);
    else {
      console.error(read?.message ?? `${name}: it cannot be read.`);
      return undefined;
    }
  }
  return heads;
}

async function fetchNote(name: string): Promise<string | undefined> {
  if (!/^https?:\/\//.test(name)) return readFile(name, 'utf8').catch(() => undefined);
  try {
    const answer = await fetch(name, { signal: AbortSignal.timeout(20_000) });
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}

function asFinding({ table = 'events', id, message }: { table?: string; id: string; message: string }) {
  return { kind: 'ledger', table, id, index: null, between: [null, null], message };
}

function comparedWith(outside: OutsideHead[]): string {
  if (outside.length === 0) {
    return 'Nothing from outside was compared: this database was compared with itself only.';
  }
  const heads = outside.map(({ size, origin }) => `${origin} at ${size} entries`);
  return `Compared with ${heads.join(', ')}, kept outside.`;
}

function placeOf([from, to]: (number | null)[]): string {
  if (from == null && to == null) return '';
  if (to == null) return ` (after the checkpoint of ${from} entries)`;
  return ` (between the checkpoints of ${from ?? 0} and ${to} entries)`;
}

function summaryOf(
  { events, permissions, evidence, erased }: LedgerReport,
  log: LogReport,
  faults: number,
): string {
  const withErased = erased > 0 ? `, ${erased} erased` : '';
  const result = faults === 0 ? 'nothing was found that does not fit.' : `${faults} things do not fit.`;
  return `${events} events replayed into ${permissions} permissions, ${evidence} pieces of evidence checked${withErased}, ${log.entries} entries of the log: ${result}`;
}

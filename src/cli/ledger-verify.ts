import { pendingMigrations } from '#db/migrate.ts';
import { noteLedgerCheck } from '#src/figures/ledger-check.ts';
import { type LedgerReport, verifyLedger } from '#src/ledger/verify.ts';
import { findImplausible } from '#src/permissions/find-implausible.ts';
import { weighAllOldCaptures } from '#src/permissions/weigh-old-captures.ts';
import { readJsonFlag } from './command.ts';
import { withApp } from './with-app.ts';

export async function ledgerVerifyCommand(args: string[]): Promise<number> {
  const json = readJsonFlag(args);
  return withApp(async (app) => {
    const pending = await pendingMigrations(app.db);
    if (pending.length > 0) {
      console.error(`The database is not up to date (${pending.join(', ')}). Run: npm run jawort -- migrate`);
      return 2;
    }
    const report = await verifyLedger(app.db, app.keys);
    // Implausible evidence is no fault of the ledger, which keeps what was entered. Decisions do not rest on it.
    await weighAllOldCaptures(app);
    const findings = await findImplausible(app.db);
    const intact = report.faults.length === 0;
    await noteLedgerCheck(app, intact);
    if (json) console.log(JSON.stringify({ intact, ...report, findings }));
    else {
      for (const fault of report.faults) console.log(`✗ ${fault}`);
      for (const { kind, id, message } of findings) console.log(`! ${kind}: event ${id}: ${message}`);
      console.log(summaryOf(report));
    }
    return intact ? 0 : 1;
  });
}

function summaryOf({ events, permissions, evidence, erased, faults }: LedgerReport): string {
  const withErased = erased > 0 ? `, ${erased} erased` : '';
  const result = faults.length === 0 ? 'everything fits.' : `${faults.length} faults.`;
  return `${events} events replayed into ${permissions} permissions, ${evidence} pieces of evidence checked${withErased}: ${result}`;
}

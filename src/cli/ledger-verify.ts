import { pendingMigrations } from '#db/migrate.ts';
import { noteLedgerCheck } from '#src/figures/ledger-check.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { findImplausible } from '#src/permissions/find-implausible.ts';
import { weighAllOldCaptures } from '#src/permissions/weigh-old-captures.ts';
import { readFlags, withApp } from './with-app.ts';

export async function ledgerVerifyCommand(args: string[]): Promise<number> {
  const flags = readFlags(args, ['--json']);
  if (!flags) return 2;
  return withApp(async (app) => {
    const pending = await pendingMigrations(app.db);
    if (pending.length > 0) {
      console.error(`The database is not up to date (${pending.join(', ')}). Run: npm run jawort -- migrate`);
      return 2;
    }
    const report = await verifyLedger(app.db, app.keys);
    // What can't be true is no fault of the ledger: it says what was written down. Decisions do not rest on it.
    await weighAllOldCaptures(app);
    const findings = await findImplausible(app.db);
    const intact = report.faults.length === 0;
    await noteLedgerCheck(app, intact);
    if (flags.has('--json')) console.log(JSON.stringify({ intact, ...report, findings }));
    else {
      const { events, permissions, evidence, erased } = report;
      for (const fault of report.faults) console.log(`✗ ${fault}`);
      for (const { kind, id, message } of findings) console.log(`! ${kind}: event ${id}: ${message}`);
      console.log(
        `${events} events refolded into ${permissions} permissions, ${evidence} pieces of evidence read` +
          `${erased > 0 ? `, ${erased} erased` : ''}: ${intact ? 'everything fits.' : `${report.faults.length} faults.`}`,
      );
    }
    return intact ? 0 : 1;
  });
}

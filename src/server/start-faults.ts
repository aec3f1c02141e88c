import type { Db } from '#db/connect.ts';
import type { Config } from '#src/app/config.ts';
import { holdsDemoKey } from '#src/exchange/api-keys.ts';
import { watcherFaults } from '#src/log/watcher-faults.ts';
import { secretMatches } from '#src/people/secret-check.ts';
import { deriveKeys } from '#src/secrets/keys.ts';
import { demoAccounts } from '#src/staff/seed-staff.ts';

/** What in the database speaks against a start with this environment, one sentence each. Only reads. */
export async function startFaults(db: Db, config: Config): Promise<string[]> {
  const faults: string[] = [];
  if (!(await secretMatches(db, deriveKeys(config.appSecret)))) faults.push(wrongSecret);
  faults.push(...watcherFaults(config));
  if (!config.production) return faults;
  const accounts = await demoAccounts(db);
  if (accounts.length > 0) {
    faults.push(
      `The database holds accounts of the demo, whose password everybody knows: ${accounts.join(', ')}. Use an empty database, or disable them at the desk outside production.`,
    );
  }
  if (await holdsDemoKey(db)) {
    faults.push(
      'The database holds the API key of the demo, which everybody knows. Use an empty database, or revoke it at the desk outside production.',
    );
  }
  return faults;
}

export const wrongSecret =
  'APP_SECRET cannot open what this database holds: it was filled with another one. Set that one, or use an empty database.';

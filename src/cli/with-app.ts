import type { App } from '#src/app/app.ts';
import { readConfig } from '#src/app/config.ts';
import { flushDecisions } from '#src/decisions/kept/keeper.ts';
import { secretMatches } from '#src/people/secret-check.ts';
import { openApp } from '#src/server/open-app.ts';
import { wrongSecret } from '#src/server/start-faults.ts';

/** Runs a command with the database that the environment names, and closes it whatever happens. */
export async function withApp(run: (app: App) => Promise<number>): Promise<number> {
  const read = readConfig({ LOG_LEVEL: 'error', ...process.env });
  if (!read.ok) {
    console.error(['The environment is not valid:', ...read.mistakes.map((line) => `- ${line}`)].join('\n'));
    return 2;
  }
  const app = await openApp(read.config);
  try {
    if (!(await secretMatches(app.db, app.keys))) {
      console.error(wrongSecret);
      return 2;
    }
    return await run(app);
  } finally {
    await flushDecisions(app);
    await app.db.destroy();
  }
}

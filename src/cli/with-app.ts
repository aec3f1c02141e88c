import type { App } from '#src/app/app.ts';
import { readConfig } from '#src/app/config.ts';
import { isRightSecret } from '#src/people/secret-check.ts';
import { openApp } from '#src/server/open-app.ts';
import { wrongSecret } from '#src/server/start-faults.ts';

/** Runs a command against the database of the environment, and closes it whatever happens. */
export async function withApp(act: (app: App) => Promise<number>): Promise<number> {
  const read = readConfig({ LOG_LEVEL: 'error', ...process.env });
  if (!read.ok) {
    console.error(['The environment is not right:', ...read.mistakes.map((line) => `- ${line}`)].join('\n'));
    return 2;
  }
  const app = await openApp(read.config);
  try {
    if (!(await isRightSecret(app.db, app.keys))) {
      console.error(wrongSecret);
      return 2;
    }
    return await act(app);
  } finally {
    await app.db.destroy();
  }
}

/** `undefined` and a word on standard error when an option is not one of these flags. */
export function readFlags<F extends string>(args: string[], flags: F[]): Set<F> | undefined {
  const unknown = args.find((arg) => !flags.some((flag) => flag === arg));
  if (unknown === undefined) return new Set(args as F[]);
  console.error(`"${unknown}" is not an option here. Known: ${flags.join(', ')}.`);
  return undefined;
}

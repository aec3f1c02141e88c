import { migrate } from '#db/migrate.ts';
import { weighAllOldCaptures } from '#src/permissions/weigh-old-captures.ts';
import { readFlags, withApp } from './with-app.ts';

export async function migrateCommand(args: string[]): Promise<number> {
  const flags = readFlags(args, ['--json']);
  if (!flags) return 2;
  return withApp(async (app) => {
    const { applied } = await migrate(app.db);
    await weighAllOldCaptures(app);
    if (flags.has('--json')) console.log(JSON.stringify({ applied }));
    else console.log(applied.length > 0 ? `Applied: ${applied.join(', ')}.` : 'Everything is up to date.');
    return 0;
  });
}

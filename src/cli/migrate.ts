import { migrate } from '#db/migrate.ts';
import { weighAllOldCaptures } from '#src/permissions/weigh-old-captures.ts';
import { readJsonFlag } from './command.ts';
import { withApp } from './with-app.ts';

export async function migrateCommand(args: string[]): Promise<number> {
  const json = readJsonFlag(args);
  return withApp(async (app) => {
    const { applied } = await migrate(app.db);
    await weighAllOldCaptures(app);
    if (json) console.log(JSON.stringify({ applied }));
    else
      console.log(
        applied.length > 0 ? `Applied: ${applied.join(', ')}.` : 'The database is up to date already.',
      );
    return 0;
  });
}

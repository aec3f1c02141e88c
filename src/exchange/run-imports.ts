import type { App } from '#src/app/app.ts';
import { endImport } from './import-progress.ts';
import { logInterruption, runImport } from './run-import.ts';

/** The job: continues imports that a process left behind, and discards files that were not released for a month. */
export async function runImports(app: App): Promise<{ imports: number }> {
  const at = app.now().getTime();
  const open = await app.db
    .selectFrom('imports')
    .select('id')
    .where('state', 'in', ['checking', 'landing'])
    // The process that filed it starts at once.
    .where('filed_at', '<', new Date(at - 10_000).toISOString())
    .orderBy('id')
    .execute();
  let imports = 0;
  for (const { id } of open) {
    // A failing import does not block the others; the next round tries it again.
    const worked = await runImport(app, id, 20_000).catch((error) => logInterruption(app, id, error));
    if (worked) imports += 1;
  }
  await discardExpired(app);
  return { imports };
}

const keptDays = 30;

async function discardExpired(app: App): Promise<void> {
  const at = app.now();
  const before = new Date(at.getTime() - keptDays * 86_400_000).toISOString();
  const old = await app.db
    .selectFrom('imports')
    .select('id')
    .where('state', 'in', ['mapping', 'waiting'])
    .where('filed_at', '<', before)
    .execute();
  for (const { id } of old) {
    await app.db.transaction().execute((tx) => endImport(tx, id, 'discarded', at.toISOString()));
  }
}

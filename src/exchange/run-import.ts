import { setImmediate } from 'node:timers/promises';
import type { App } from '#src/app/app.ts';
import { ClaimLostError, claimImport, releaseClaim } from './import-claim.ts';
import { checkNext, landNext } from './import-steps.ts';
import { findImport, type Import, requireImport } from './imports.ts';

/**
 * Checks a filed import, and lands it once it is released. It works in batches, so requests are answered in between, and
 * each batch commits its progress: after a crash another process continues there, and no line lands twice. False when
 * another process holds the import, or there is nothing to do.
 */
export function runImport(app: App, id: string, patienceMs = Number.POSITIVE_INFINITY): Promise<boolean> {
  const work = run(app, id, patienceMs);
  const all = runningImports.get(app) ?? new Set();
  runningImports.set(app, all);
  all.add(work);
  return work.finally(() => all.delete(work));
}

const runningImports = new WeakMap<App, Set<Promise<unknown>>>();

/** Resolves when this process has stopped working on imports. */
export async function whenImportsStopped(app: App): Promise<void> {
  await Promise.allSettled(runningImports.get(app) ?? []);
}

async function run(app: App, id: string, patienceMs: number): Promise<boolean> {
  if (app.stopping?.aborted) return false;
  const holder = await claimImport(app, id);
  if (!holder) return false;
  const end = Date.now() + patienceMs;
  try {
    for (;;) {
      const here = await requireImport(app.db, id);
      if (here.claimed_by !== holder) return true;
      const continues = here.state === 'checking' ? await checkNext(app, here) : await landNext(app, here);
      if (!continues || Date.now() > end || app.stopping?.aborted) return true;
      await setImmediate();
    }
  } catch (error) {
    if (error instanceof ClaimLostError) return true;
    throw error;
  } finally {
    await releaseClaim(app, id, holder);
  }
}

/** Runs in the background. A failure is logged, and the job tries again. */
export function runImportLater(app: App, id: string): void {
  runImport(app, id).catch((error) => logInterruption(app, id, error));
}

/** For a failure that is tried again later. */
export function logInterruption(app: App, id: string, error: unknown): false {
  app.log.error({ import: id, reason: String(error) }, 'import.interrupted');
  return false;
}

/** Runs the import and returns its new state. `undefined`: there is no such import. */
export async function importAfter(app: App, id: string): Promise<Import | undefined> {
  await runImport(app, id);
  return findImport(app.db, id);
}

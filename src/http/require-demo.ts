import type { App } from '#src/app/app.ts';
import { Problem } from './problem.ts';

/** Throws a Problem in production, which has no demo. */
export function requireDemo(app: App): void {
  if (app.config.production) throw new Problem(404);
}

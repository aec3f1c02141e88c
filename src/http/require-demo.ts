import type { App } from '#src/app/app.ts';
import { Problem } from './problem.ts';

/** In production the demo is not there. */
export function requireDemo(app: App): void {
  if (app.config.production) throw new Problem(404);
}

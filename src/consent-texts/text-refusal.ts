import type { App } from '#src/app/app.ts';

/** Database and clock. */
export type Clocked = Pick<App, 'db' | 'now'>;

/** Refusals that every use case can return. A missing ability throws instead. */
export type TextRefusal =
  | { outcome: 'unknown_version' }
  | { outcome: 'wrong_state'; version: { id: string; state: string; revision: number } };

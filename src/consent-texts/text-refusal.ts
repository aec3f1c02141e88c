import type { App } from '#src/app/app.ts';

/** What every act at the desk needs. */
export type Clocked = Pick<App, 'db' | 'now'>;

/** What can stand in the way of every act. Roles are asked first, and throw. */
export type TextRefusal =
  | { outcome: 'unknown_version' }
  | { outcome: 'wrong_state'; version: { id: string; state: string; revision: number } };

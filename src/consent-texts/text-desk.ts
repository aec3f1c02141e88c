import type { App } from '#src/app.ts';

/** What every act at the desk needs. */
export type Desk = Pick<App, 'db' | 'now'>;

/** The member of staff who acts. */
export interface Actor {
  id: string;
  name: string;
  role: 'admin' | 'legal' | 'marketing' | 'agent' | 'auditor';
}

/** Legal and admin write, judge and publish texts; everybody else reads them. */
export function mayWorkOnTexts(actor: Pick<Actor, 'role'>): boolean {
  return actor.role === 'legal' || actor.role === 'admin';
}

/** What can stand in the way of every act. */
export type Refusal =
  | { outcome: 'forbidden' }
  | { outcome: 'unknown_version' }
  | { outcome: 'wrong_state'; version: { id: string; state: string; revision: number } };

import { setInterval } from 'node:timers/promises';
import type { App } from '#src/app/app.ts';

/** More than any of this work takes while the machine is not overloaded. */
export const responseStepMs = 100;

/**
 * Waits for `work` and then for the next multiple of `responseStepMs` since the start. A known address takes more work
 * than an unknown one, and the response time must not reveal which it was.
 *
 * One interval timer runs from the start: a wait computed from the time that the work took would depend on that time.
 */
export async function padResponseTime<Result>(app: App, work: Promise<Result>): Promise<Result> {
  if (!app.config.limits) return work;
  let settled = false;
  const settle = () => {
    settled = true;
  };
  work.then(settle, settle);
  for await (const _ of setInterval(responseStepMs)) if (settled) break;
  return work;
}

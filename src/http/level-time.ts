import { setInterval } from 'node:timers/promises';
import type { App } from '#src/app/app.ts';

/** More than any of these acts takes on a machine that keeps up. */
export const levelStepMs = 100;

/**
 * Waits for an act and then for the next step of a grid that began with it. An address that is known makes more work
 * than one that is not, and the time an answer takes must not tell. An act that takes longer than one step is answered at
 * a later one, never at the moment it is done.
 *
 * The grid is one running timer: a wait worked out from what the act took would end a little earlier or later by it.
 */
export async function inLevelTime<Result>(app: App, act: Promise<Result>): Promise<Result> {
  if (!app.config.limits) return act;
  let settled = false;
  const settle = () => {
    settled = true;
  };
  act.then(settle, settle);
  for await (const _ of setInterval(levelStepMs)) if (settled) break;
  return act;
}

import { setTimeout as wait } from 'node:timers/promises';
import type { App } from '#src/app.ts';

/** More than any of these acts takes on a machine that keeps up. */
const levelMs = 100;

/**
 * Waits for an act, and no less long than for any other of its kind: an address that is known makes more
 * work than one that is not, and the time an answer takes must not tell.
 */
export async function inLevelTime<Result>(app: App, act: Promise<Result>): Promise<Result> {
  if (!app.config.limits) return act;
  const [result] = await Promise.all([act, wait(levelMs)]);
  return result;
}

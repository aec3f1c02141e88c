import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';

/**
 * Between two portions of work that nobody waits for: waits while pages take two fifths of the process or more, looking
 * again each `turnMillis`, but a second at most.
 */
export async function letPeopleGoFirst(turnMillis: number): Promise<void> {
  for (let waited = 0; waited < 1000; waited += turnMillis) {
    const before = performance.eventLoopUtilization();
    await setTimeout(turnMillis);
    if (performance.eventLoopUtilization(before).utilization < 0.4) return;
  }
}

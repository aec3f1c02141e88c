import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';

/**
 * Pauses background work between two batches while requests use 40 % of the event loop or more. Checks again every
 * `pauseMs` and goes on after one second at the latest.
 */
export async function yieldToRequests(pauseMs: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < 1000; waitedMs += pauseMs) {
    const before = performance.eventLoopUtilization();
    await setTimeout(pauseMs);
    if (performance.eventLoopUtilization(before).utilization < 0.4) return;
  }
}

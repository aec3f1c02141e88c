import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import type { Load, Measured } from './load.ts';

/** Sends the load from a thread of its own. Throws when any answer has another status. */
export async function sendLoad(load: Load, expectedStatus: number): Promise<Measured> {
  const worker = new Worker(new URL('./load.ts', import.meta.url), { workerData: load });
  const result = await new Promise<Measured>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const { [expectedStatus]: _, ...others } = result.statuses;
  assert.deepEqual(others, {}, `every answer should be ${expectedStatus}`);
  return result;
}

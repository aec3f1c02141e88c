import { setTimeout } from 'node:timers/promises';

const patienceMillis = 30_000;

/** Runs what begins a transaction. While another process (the command line) is writing, it is retried. */
export async function whenFree<T>(work: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + patienceMillis;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > giveUpAt) throw error;
      await setTimeout(5);
    }
  }
}

function isBusy(error: unknown): boolean {
  return (error as { code?: string }).code === 'SQLITE_BUSY';
}

import { setTimeout as wait } from 'node:timers/promises';
import type { Db } from '#db/connect.ts';

const patienceSeconds = 60;

/** Waits until every mail is out; says how many were left at first, and how long they took. */
export async function drained(db: Db): Promise<{ left: number; seconds: number }> {
  const startedAt = performance.now();
  const left = await waiting(db);
  while ((await waiting(db)) > 0) {
    if (performance.now() - startedAt > patienceSeconds * 1000) throw new Error('The mails do not end.');
    await wait(50);
  }
  return { left, seconds: (performance.now() - startedAt) / 1000 };
}

async function waiting(db: Db): Promise<number> {
  const row = await db
    .selectFrom('mails')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('state', 'in', ['queued', 'sending'])
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

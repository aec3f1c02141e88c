import { databaseKind, type HasAdapter } from './connect.ts';

/**
 * Runs reads that do not depend on each other: at the same time on PostgreSQL, where most of their time is the network, and
 * one after the other on SQLite, where they would only compete for its processor and page cache.
 */
export async function readConcurrently<Results extends unknown[]>(
  db: HasAdapter,
  ...reads: { [Place in keyof Results]: () => Promise<Results[Place]> }
): Promise<Results> {
  if (databaseKind(db) === 'postgres') {
    return (await Promise.all(reads.map((read) => read()))) as Results;
  }
  const results: unknown[] = [];
  for (const read of reads) results.push(await read());
  return results as Results;
}

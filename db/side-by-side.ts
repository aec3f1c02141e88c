import { databaseKind, type HasAdapter } from './connect.ts';

/**
 * Look-ups that do not depend on each other: at once on PostgreSQL, where most of their time is the way there and back,
 * and one after the other on SQLite, where they would only take each other's processor and page cache.
 */
export async function sideBySide<Results extends unknown[]>(
  db: HasAdapter,
  ...lookUps: { [Place in keyof Results]: () => Promise<Results[Place]> }
): Promise<Results> {
  if (databaseKind(db) === 'postgres') {
    return (await Promise.all(lookUps.map((lookUp) => lookUp()))) as Results;
  }
  const results: unknown[] = [];
  for (const lookUp of lookUps) results.push(await lookUp());
  return results as Results;
}

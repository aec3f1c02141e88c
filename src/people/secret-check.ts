import type { Db } from '#db/connect.ts';
import { isMissingTable } from '#db/errors.ts';
import { type Keys, mac } from '#src/secrets/keys.ts';
import { unwrapPersonKey } from './encryption.ts';

/**
 * Whether APP_SECRET is the one that this database was filled with. A database from before the check value, or one that
 * was never started, is judged by the keys of a few people in it. Only reads, and needs no migration.
 */
export async function isRightSecret(db: Db, keys: Keys): Promise<boolean> {
  const kept = await unlessMissing(db.selectFrom('secret_check').select('value').execute());
  if (kept.length > 0) return kept.some(({ value }) => value === checkValue(keys));
  const people = await unlessMissing(
    db
      .selectFrom('people')
      .select('key_wrapped')
      .where('key_wrapped', 'is not', null)
      .orderBy('id')
      .limit(sample)
      .execute(),
  );
  return people.length === 0 || people.some(({ key_wrapped }) => opens(keys, key_wrapped ?? ''));
}

/** Keeps the check value where there is none. Call it only after `isRightSecret`. */
export async function keepSecretCheck(db: Db, keys: Keys, at: Date): Promise<void> {
  await db
    .insertInto('secret_check')
    .values({ id: 1, value: checkValue(keys), created_at: at.toISOString() })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** More than one, so that a single broken row does not speak for all. */
const sample = 5;

function checkValue(keys: Keys): string {
  return mac(keys.secretCheck, 'jawort').toString('base64url');
}

function opens(keys: Keys, wrapped: string): boolean {
  try {
    unwrapPersonKey(keys, wrapped);
    return true;
  } catch {
    return false;
  }
}

async function unlessMissing<Row>(rows: Promise<Row[]>): Promise<Row[]> {
  try {
    return await rows;
  } catch (error) {
    if (isMissingTable(error)) return [];
    throw error;
  }
}

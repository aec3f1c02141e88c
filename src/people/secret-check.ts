import type { Db } from '#db/connect.ts';
import { isMissingTable } from '#db/errors.ts';
import { type Keys, mac } from '#src/secrets/keys.ts';
import { unwrapPersonKey } from './encryption.ts';

/**
 * Whether APP_SECRET is the secret that this database was written with. Without a stored check value, tries to unwrap
 * the keys of a few people. Only reads; works before migrations.
 */
export async function secretMatches(db: Db, keys: Keys): Promise<boolean> {
  const stored = await unlessMissing(db.selectFrom('secret_check').select('value').execute());
  if (stored.length > 0) return stored.some(({ value }) => value === checkValue(keys));
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

/** Stores the check value if there is none. Call it only after `secretMatches`. */
export async function storeSecretCheck(db: Db, keys: Keys, at: Date): Promise<void> {
  await db
    .insertInto('secret_check')
    .values({ id: 1, value: checkValue(keys), created_at: at.toISOString() })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** More than one row, so that one broken row does not decide. */
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

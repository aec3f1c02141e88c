import type { App } from '#src/app/app.ts';

/** Answers kept for an `Idempotency-Key` may name addresses: they go when the key has run out, some at a time. */
export async function forgetOldAnswers({ db, now }: App, most = 1000): Promise<number> {
  const at = now().toISOString();
  const old = db.selectFrom('idempotency_keys').select('key_hash').where('expires_at', '<=', at).limit(most);
  const { numDeletedRows } = await db
    .deleteFrom('idempotency_keys')
    .where('key_hash', 'in', old)
    // Asked again: a key may have been claimed anew meanwhile.
    .where('expires_at', '<=', at)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

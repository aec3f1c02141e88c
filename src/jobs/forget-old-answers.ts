import type { App } from '#src/app/app.ts';

/** Deletes some of the stored answers whose `Idempotency-Key` has expired; they may name addresses. Returns how many. */
export async function forgetOldAnswers({ db, now }: App, most = 1000): Promise<number> {
  const at = now().toISOString();
  const old = db.selectFrom('idempotency_keys').select('key_hash').where('expires_at', '<=', at).limit(most);
  const { numDeletedRows } = await db
    .deleteFrom('idempotency_keys')
    .where('key_hash', 'in', old)
    // Checked again, because the key may have been claimed again meanwhile.
    .where('expires_at', '<=', at)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

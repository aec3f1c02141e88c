import type { App } from '#src/app.ts';

/** Answers kept for an `Idempotency-Key` may name addresses: they go when the key has run out. */
export async function forgetOldAnswers(app: App): Promise<number> {
  const gone = await app.db
    .deleteFrom('idempotency_keys')
    .where('expires_at', '<=', app.now().toISOString())
    .executeTakeFirst();
  return Number(gone.numDeletedRows);
}

import { createHash } from 'node:crypto';
import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import type { RequestLike } from '#src/http/request-like.ts';
import { decryptText, encryptText } from '#src/people/encryption.ts';
import { type Answer, ApiResponse } from './answer.ts';
import { ApiProblem } from './problem.ts';

/** Identifies a request that may be sent again. */
export interface Idempotency {
  /** Hash of the API key, the address and the header. */
  keyHash: string;
  requestHash: string;
}

/** `undefined` when the request carries no `Idempotency-Key`. */
export function idempotencyOf(
  request: RequestLike,
  apiKeyId: string,
  bytes: Uint8Array,
): Idempotency | undefined {
  const header = request.headers.get('idempotency-key');
  if (header === null) return undefined;
  if (!/^[!-~ ]{1,255}$/.test(header)) {
    throw new ApiProblem(400, 'An Idempotency-Key has 1 to 255 printable ASCII characters.');
  }
  const { pathname, search } = new URL(request.url);
  return {
    keyHash: sha256(JSON.stringify([apiKeyId, request.method, pathname, header])),
    requestHash: sha256(search, bytes),
  };
}

/** For operations with transactions of their own: claims the key, runs the operation and stores its answer, in turn. */
export async function answerOnce(
  app: App,
  idempotency: Idempotency,
  run: () => Promise<Answer>,
): Promise<Answer> {
  const { db } = app;
  const earlier = await db.transaction().execute((tx) => replayOrClaim(tx, app, idempotency, claimMinutes));
  if (earlier) return earlier;
  const answer = await run().catch(async (error) => {
    await db.deleteFrom('idempotency_keys').where('key_hash', '=', idempotency.keyHash).execute();
    throw error;
  });
  if (answer instanceof ApiResponse) return answer;
  await db
    .transaction()
    .execute((tx) => storeAnswer(tx, app, idempotency, answer))
    // The operation has succeeded. The claim stays, so it is not repeated at once.
    .catch((error) => app.log.error({ err: error }, 'api.answer_not_kept'));
  return answer;
}

/**
 * The stored answer when this request was sent before. Otherwise claims the key for this transaction: of two requests at
 * once, the second waits for the commit of the first and then gets its answer.
 */
export async function replayOrClaim(
  tx: Tx,
  app: App,
  { keyHash, requestHash }: Idempotency,
  minutes = replayMinutes,
): Promise<ApiResponse | undefined> {
  const now = app.now();
  await tx
    .deleteFrom('idempotency_keys')
    .where('key_hash', '=', keyHash)
    .where('expires_at', '<=', now.toISOString())
    .execute();
  const expiresAt = minutesAfter(now, minutes);
  const claimed = await tx
    .insertInto('idempotency_keys')
    .values({ key_hash: keyHash, request_hash: requestHash, status: 0, body_enc: '', expires_at: expiresAt })
    .onConflict((conflict) => conflict.column('key_hash').doNothing())
    .returning('key_hash')
    .execute();
  if (claimed.length > 0) return undefined;
  const first = await tx
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('key_hash', '=', keyHash)
    .executeTakeFirstOrThrow();
  if (first.request_hash !== requestHash) {
    throw new ApiProblem(422, 'This Idempotency-Key was used for another request.', {
      errors: [{ pointer: '', code: 'idempotency_key_reused', message: 'Use a new key for a new request.' }],
    });
  }
  if (first.status === 0)
    throw new ApiProblem(409, 'The first request with this Idempotency-Key is not answered yet.');
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Replayed': 'true' };
  return new ApiResponse(first.status, headers, decryptText(app.keys.wrapping, first.body_enc));
}

/** Call it in the transaction of the operation, so there is never one without the other. */
export async function storeAnswer(
  tx: Tx,
  app: App,
  { keyHash }: Idempotency,
  answer: { status: number; body: unknown },
): Promise<void> {
  await tx
    .updateTable('idempotency_keys')
    .set({
      status: answer.status,
      expires_at: minutesAfter(app.now(), replayMinutes),
      body_enc: encryptText(app.keys.wrapping, JSON.stringify(answer.body)),
    })
    .where('key_hash', '=', keyHash)
    .execute();
}

const replayMinutes = 24 * 60;
/** After this time a process that claimed the key without storing an answer counts as dead. */
const claimMinutes = 2;

function minutesAfter(at: Date, minutes: number): string {
  return new Date(at.getTime() + minutes * 60_000).toISOString();
}

function sha256(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

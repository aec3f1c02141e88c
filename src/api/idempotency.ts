import { createHash } from 'node:crypto';
import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import type { Asked } from '#src/http/asked.ts';
import { decryptText, encryptText } from '#src/people/encryption.ts';
import { type Answer, Sent } from './answer.ts';
import { ApiProblem } from './problem.ts';

/** What makes two requests the same one, sent again. */
export interface Repeatable {
  /** Of API key, address and header. */
  keyHash: string;
  requestHash: string;
}

/** `undefined` when the request carries no `Idempotency-Key`. */
export function repeatableOf(request: Asked, apiKeyId: string, bytes: Uint8Array): Repeatable | undefined {
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

/** For what changes something in transactions of its own: claims the key, acts, and keeps the answer, one after the other. */
export async function answerOnce(
  app: App,
  repeatable: Repeatable,
  act: () => Promise<Answer>,
): Promise<Answer> {
  const { db } = app;
  const earlier = await db.transaction().execute((tx) => earlierAnswer(tx, app, repeatable, minutesAtWork));
  if (earlier) return earlier;
  const answer = await act().catch(async (error) => {
    await db.deleteFrom('idempotency_keys').where('key_hash', '=', repeatable.keyHash).execute();
    throw error;
  });
  if (answer instanceof Sent) return answer;
  await db
    .transaction()
    .execute((tx) => keepAnswer(tx, app, repeatable, answer))
    // It is done all the same. The claim stays, so that nobody does it again at once.
    .catch((error) => app.log.error({ err: error }, 'api.answer_not_kept'));
  return answer;
}

/**
 * The answer to the first request, when this one is the same sent again. Claims the key for this transaction
 * otherwise: of two at once, the second waits for the first one's commit and then gets its answer.
 */
export async function earlierAnswer(
  tx: Tx,
  app: App,
  { keyHash, requestHash }: Repeatable,
  minutes = minutesKept,
): Promise<Sent | undefined> {
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
  return new Sent(first.status, headers, decryptText(app.keys.wrapping, first.body_enc));
}

/** In the transaction of the act itself, so that there is never the one without the other. */
export async function keepAnswer(
  tx: Tx,
  app: App,
  { keyHash }: Repeatable,
  answer: { status: number; body: unknown },
): Promise<void> {
  await tx
    .updateTable('idempotency_keys')
    .set({
      status: answer.status,
      expires_at: minutesAfter(app.now(), minutesKept),
      body_enc: encryptText(app.keys.wrapping, JSON.stringify(answer.body)),
    })
    .where('key_hash', '=', keyHash)
    .execute();
}

const minutesKept = 24 * 60;
/** After that, whoever claimed the key without answering is taken for dead. */
const minutesAtWork = 2;

function minutesAfter(at: Date, minutes: number): string {
  return new Date(at.getTime() + minutes * 60_000).toISOString();
}

function sha256(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

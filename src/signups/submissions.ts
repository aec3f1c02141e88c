import type { Reader } from '#db/connect.ts';
import { declareInsert, type WriteTarget } from '#db/writes.ts';
import { type Keys, mac } from '#src/secrets/keys.ts';
import { minutesAfter } from './signup.ts';

/** How long the same submission may come once more: a stand at a fair may be without network for a day. */
const keptMinutes = 3 * 24 * 60;

/** A random id that a browser gave to what it sends, to be able to send it again. Anything else is ignored. */
export function isSubmissionId(id: string | undefined): id is string {
  return id !== undefined && /^[\w-]{20,64}$/.test(id);
}

/** The signup that this submission led to when it came before. */
export async function earlierSignup(
  reader: Reader,
  keys: Keys,
  formId: string,
  id: string,
  at: Date,
): Promise<string | undefined> {
  const row = await reader
    .selectFrom('form_submissions')
    .select('signup_id')
    .where('key_hash', '=', submissionHash(keys, formId, id))
    .where('expires_at', '>', at.toISOString())
    .executeTakeFirst();
  return row?.signup_id;
}

/** Throws a unique violation when the same submission comes twice at once: the second then finds the first. */
export async function rememberSubmission(
  to: WriteTarget,
  keys: Keys,
  formId: string,
  id: string,
  signupId: string,
  at: Date,
): Promise<void> {
  const row = {
    key_hash: submissionHash(keys, formId, id),
    signup_id: signupId,
    expires_at: minutesAfter(at, keptMinutes),
  };
  await insertSubmissions(to, [row]);
}

export const insertSubmissions = declareInsert('form_submissions', ['key_hash', 'signup_id', 'expires_at']);

function submissionHash(keys: Keys, formId: string, id: string): string {
  return mac(keys.rateLimit, 'submission', formId, id).toString('base64url');
}

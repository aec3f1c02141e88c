import type { Tx } from '#db/connect.ts';
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
  tx: Tx,
  keys: Keys,
  formId: string,
  id: string,
  at: Date,
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('form_submissions')
    .select('signup_id')
    .where('key_hash', '=', submissionHash(keys, formId, id))
    .where('expires_at', '>', at.toISOString())
    .executeTakeFirst();
  return row?.signup_id;
}

/** Throws a unique violation when the same submission comes twice at once: the second then finds the first. */
export async function rememberSubmission(
  tx: Tx,
  keys: Keys,
  formId: string,
  id: string,
  signupId: string,
  at: Date,
): Promise<void> {
  await tx
    .insertInto('form_submissions')
    .values({
      key_hash: submissionHash(keys, formId, id),
      signup_id: signupId,
      expires_at: minutesAfter(at, keptMinutes),
    })
    .execute();
}

function submissionHash(keys: Keys, formId: string, id: string): string {
  return mac(keys.rateLimit, 'submission', formId, id).toString('base64url');
}

import type { Tx } from '#db/connect.ts';
import { lockRows } from '#db/locks.ts';
import type { SignupTable } from '#db/schema/signups.ts';
import { declareInsert } from '#db/writes.ts';
import { signupLimits } from '#src/limits/defaults.ts';
import { confirmToken, tokenHash } from '#src/links/confirm-token.ts';
import type { Keys } from '#src/secrets/keys.ts';

/** The columns that change with every mail: a new link, which ends the one before, and a new code. */
export function nextLink(
  keys: Keys,
  signup: Pick<SignupTable, 'id' | 'generation' | 'token_hash' | 'mails_sent'>,
  at: Date,
) {
  const generation = signup.generation + 1;
  return {
    generation,
    token_hash: tokenHash(confirmToken(keys, signup.id, generation)),
    replaced_token_hash: signup.token_hash,
    code_expires_at: minutesAfter(at, signupLimits.codeMinutes),
    mails_sent: signup.mails_sent + 1,
    last_mail_at: at.toISOString(),
  };
}

export function minutesAfter(at: Date, minutes: number): string {
  return new Date(at.getTime() + minutes * 60_000).toISOString();
}

/** Every transaction locks the mailbox before anything else, so that no two of them wait for each other. */
export async function lockMailbox(tx: Tx, column: 'id' | 'token_hash', value: string): Promise<void> {
  await lockRows(tx, 'contact_points', (eb) =>
    eb.selectFrom('signups').select('signups.contact_point_id').where(`signups.${column}`, '=', value),
  );
}

export const insertSignups = declareInsert('signups', [
  'id',
  'generation',
  'token_hash',
  'mails_sent',
  'person_id',
  'contact_point_id',
  'form_id',
  'form_version_id',
  'locale',
  'origin',
  'source',
  'state',
  'requested_at',
  'expires_at',
  'purge_at',
  'answered_at',
  'replaced_token_hash',
  'code_expires_at',
  'code_tries',
  'last_mail_at',
  'details_enc',
  'entered_on',
  'test',
]);

export const insertSignupItems = declareInsert('signup_items', [
  'signup_id',
  'purpose_id',
  'channel',
  'contact_point_id',
  'permission_id',
  'text_version_id',
  'position',
]);

import { timingSafeEqual } from 'node:crypto';
import type { Tx } from '#db/connect.ts';
import type { SignupTable } from '#db/schema/signups.ts';
import type { App } from '#src/app/app.ts';
import type { Client } from '#src/limits/client.ts';
import { countHits } from '#src/limits/count-hits.ts';
import { signupLimits } from '#src/limits/defaults.ts';
import { confirmCode } from '#src/links/confirm-token.ts';
import { confirmIn } from './confirm-signup.ts';
import { readSentHandle } from './sent-handle.ts';
import { lockMailbox } from './signup.ts';

export type ConfirmByCodeResult = {
  outcome:
    | 'confirmed'
    | 'missing_code'
    | 'wrong_code'
    | 'no_tries_left'
    | 'expired'
    | 'no_longer_asked'
    | 'unknown_link';
};

/**
 * Confirms by the six digits of the mail, typed into the page of the browser that signed up.
 *
 * Five tries a signup and thirty minutes a mail keep guessing hopeless. A signup that waits for nothing
 * (already allowed, blocked, rejected) counts its tries all the same, so the answers do not differ.
 */
export async function confirmByCode(
  app: App,
  handle: string,
  code: string,
  client: Client,
): Promise<ConfirmByCodeResult> {
  const typed = code.replace(/[\s-]/g, '');
  // An empty field does not count as a try.
  if (typed === '') return { outcome: 'missing_code' };
  const sent = readSentHandle(app.keys, handle);
  if (!sent) return { outcome: 'unknown_link' };
  const result = await app.db.transaction().execute(async (tx): Promise<ConfirmByCodeResult> => {
    await lockMailbox(tx, 'id', sent.signupId);
    // The try is counted before the code is compared, so that two tries at once count twice.
    const signup = await tx
      .updateTable('signups')
      .set((eb) => ({ code_tries: eb('code_tries', '+', 1) }))
      .where('id', '=', sent.signupId)
      .returningAll()
      .executeTakeFirst();
    // Answered as confirmed whatever the code is: the page says so already.
    if (signup?.state === 'confirmed') return { outcome: 'confirmed' };
    const tries = signup?.code_tries ?? (await triesAtNothing(tx, app, sent.signupId));
    if (tries > signupLimits.codeAttempts) return { outcome: 'no_tries_left' };
    if (!signup || !isRight(app, signup, typed)) {
      if (sent.expiresAt <= app.now().toISOString()) return { outcome: 'expired' };
      return { outcome: tries === signupLimits.codeAttempts ? 'no_tries_left' : 'wrong_code' };
    }
    if ((signup.code_expires_at ?? '') <= app.now().toISOString()) return { outcome: 'expired' };
    return { outcome: await confirmIn(tx, app, 'id', signup.id, client) };
  });
  if (result.outcome === 'confirmed') app.mailsQueued();
  return result;
}

/** Counts the tries for a handle without a signup (a robot's, or one that was purged), so that the answers do not differ. */
async function triesAtNothing(tx: Tx, app: App, signupId: string): Promise<number> {
  const limit = {
    rule: 'code-tries',
    subject: signupId,
    most: signupLimits.codeAttempts,
    minutes: 7 * 24 * 60,
  };
  const [hit] = await countHits(tx, app.keys, [limit], app.now());
  return hit?.count ?? 1;
}

function isRight(app: App, { id, state, generation }: SignupTable, typed: string): boolean {
  return state === 'open' && generation > 0 && sameCode(typed, confirmCode(app.keys, id, generation));
}

function sameCode(typed: string, code: string): boolean {
  return (
    /^\d+$/.test(typed) &&
    typed.length === code.length &&
    timingSafeEqual(Buffer.from(typed), Buffer.from(code))
  );
}

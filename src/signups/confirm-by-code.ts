import { timingSafeEqual } from 'node:crypto';
import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app.ts';
import type { Client } from '#src/limits/client.ts';
import { signupLimits } from '#src/limits/defaults.ts';
import { confirmCode } from '#src/links/confirm-token.ts';
import { readSentHandle } from '#src/links/signed-link.ts';
import { claimSignup, grant } from './confirm-signup.ts';
import { lockMailbox } from './signup.ts';

export type ConfirmByCodeResult = {
  outcome: 'confirmed' | 'wrong_code' | 'no_tries_left' | 'expired' | 'unknown_link';
};

/**
 * Confirms by the six digits of the mail, typed into the page of the browser that signed up.
 *
 * Five tries a signup and thirty minutes a mail keep guessing hopeless. A signup that waits for nothing
 * (already allowed, blocked) counts its tries all the same, so the answers do not differ.
 */
export async function confirmByCode(
  app: App,
  handle: string,
  code: string,
  client: Client,
): Promise<ConfirmByCodeResult> {
  const signupId = readSentHandle(app.keys, handle);
  if (!signupId) return { outcome: 'unknown_link' };
  const typed = code.replace(/[\s-]/g, '');
  const result = await app.db.transaction().execute(async (tx): Promise<ConfirmByCodeResult> => {
    await lockMailbox(tx, 'id', signupId);
    // The try is counted before the code is looked at, so that tries sent at once do not share one.
    const signup = await tx
      .updateTable('signups')
      .set((eb) => ({ code_tries: eb('code_tries', '+', 1) }))
      .where('id', '=', signupId)
      .where('state', '=', 'open')
      .returningAll()
      .executeTakeFirst();
    if (!signup) return answered(tx, signupId);
    if (signup.code_tries > signupLimits.codeTries) return { outcome: 'no_tries_left' };
    if (!sameCode(typed, confirmCode(app.keys, signup.id, signup.generation)) || signup.generation === 0) {
      const last = signup.code_tries === signupLimits.codeTries;
      return { outcome: last ? 'no_tries_left' : 'wrong_code' };
    }
    if ((signup.code_expires_at ?? '') <= app.now().toISOString()) return { outcome: 'expired' };
    const claimed = await claimSignup(tx, app, 'id', signup.id, 'confirmed');
    if (!claimed) return { outcome: 'expired' };
    await grant(tx, app, claimed, client, 'code');
    return { outcome: 'confirmed' };
  });
  if (result.outcome === 'confirmed') app.mailsQueued();
  return result;
}

/** The same code once more is friendly; anything else about an answered signup stays untold. */
async function answered(tx: Tx, signupId: string): Promise<ConfirmByCodeResult> {
  const signup = await tx.selectFrom('signups').select('state').where('id', '=', signupId).executeTakeFirst();
  if (signup?.state === 'confirmed') return { outcome: 'confirmed' };
  return { outcome: signup?.state === 'expired' ? 'expired' : 'wrong_code' };
}

function sameCode(typed: string, code: string): boolean {
  return (
    /^\d+$/.test(typed) &&
    typed.length === code.length &&
    timingSafeEqual(Buffer.from(typed), Buffer.from(code))
  );
}

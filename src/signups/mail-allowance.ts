import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app.ts';
import { countHits, forgetHits } from '#src/limits/count-hits.ts';
import { signupLimits } from '#src/limits/defaults.ts';

/**
 * Whether a confirmation mail may go to this address now; counts it when asked.
 *
 * By itself one mail a day goes out, whatever is signed up for and by whom. Who asks for another one gets it,
 * after a while and a few times. What was answered no longer counts: its mails were wanted.
 */
export async function mayMail(
  tx: Tx,
  app: App,
  lookup: string,
  at: Date,
  asked: 'by itself' | 'by the person',
): Promise<boolean> {
  if (!app.config.limits) return true;
  const [day, gap] = await countHits(
    tx,
    app.keys,
    [
      { rule: 'mail-day', subject: lookup, ...signupLimits.mailsADay },
      { rule: 'mail-gap', subject: lookup, most: 1, minutes: signupLimits.resendAfterMinutes },
    ],
    at,
  );
  if (asked === 'by itself' ? day?.exceeded : gap?.exceeded) return false;
  const [month] = await countHits(
    tx,
    app.keys,
    [{ rule: 'mail-month', subject: lookup, ...signupLimits.mailsAMonth }],
    at,
  );
  return !month?.exceeded;
}

/** The owner of the mailbox has answered. */
export async function forgetMails(tx: Tx, app: App, lookup: string): Promise<void> {
  if (!app.config.limits) return;
  await forgetHits(
    tx,
    app.keys,
    ['mail-day', 'mail-gap', 'mail-month'].map((rule) => ({ rule, subject: lookup })),
  );
}

/** "That was not me": no confirmation mails to this address until the block ends. */
export async function isBlocked(tx: Tx, lookup: string, at: Date): Promise<boolean> {
  const block = await tx
    .selectFrom('suppressions')
    .select('id')
    .where('lookup_hash', '=', lookup)
    .where('reason', '=', 'not_me')
    .where('lifted_at', 'is', null)
    .where((eb) => eb.or([eb('until', 'is', null), eb('until', '>', at.toISOString())]))
    .executeTakeFirst();
  return block !== undefined;
}

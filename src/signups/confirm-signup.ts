import { defineAct, performAct } from '#db/acts.ts';
import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { insertEvidence } from '#src/evidence/record-evidence.ts';
import { insertEvents, savePermissions } from '#src/ledger/append.ts';
import { lockedPermissions } from '#src/ledger/current-permissions.ts';
import { cancelLetters } from '#src/letters/queue-letters.ts';
import type { Client } from '#src/limits/client.ts';
import { tokenHash } from '#src/links/confirm-token.ts';
import { insertMails } from '#src/mail/outbox.ts';
import { settleCountry } from '#src/people/settle-country.ts';
import { findAskedSignup } from './asked-signup.ts';
import { forgetMailCounts } from './mail-allowance.ts';
import { lockMailbox } from './signup.ts';
import { liftBlocks, setDetails, setLocale, verifyMailbox } from './update-owner.ts';
import { type DeadLink, whyLinkFails } from './why-link-fails.ts';
import { claimOpenSignup, dropItem, writeConfirmation } from './write-confirmation.ts';

export type ConfirmSignupResult = { outcome: 'confirmed' | DeadLink };

const confirmation = defineAct('confirmation', [
  claimOpenSignup,
  insertEvidence,
  insertEvents,
  savePermissions,
  dropItem,
  verifyMailbox,
  setDetails,
  setLocale,
  settleCountry,
  forgetMailCounts,
  cancelLetters,
  liftBlocks,
  insertMails,
]);

/** Turns a signup into permissions. Using the same link again changes nothing and says so. */
export async function confirmSignup(app: App, token: string, client: Client): Promise<ConfirmSignupResult> {
  const hash = tokenHash(token);
  const confirmed = await performAct(app.db, confirmation, {
    async attempt(reader, rows) {
      const asked = await findAskedSignup(reader, 'token_hash', hash, app.now().toISOString());
      if (typeof asked !== 'object') return false;
      await writeConfirmation(rows, app, asked, client, 'link');
      return true;
    },
    exclusively: async (tx) => (await confirmIn(tx, app, 'token_hash', hash, client)) === 'confirmed',
  });
  if (!confirmed) return { outcome: await whyLinkFails(app, token) };
  app.mailsQueued();
  return { outcome: 'confirmed' };
}

/** The same in the caller's transaction. `expired`: there is nothing to confirm any more. */
export async function confirmIn(
  tx: Tx,
  app: App,
  column: 'token_hash' | 'id',
  value: string,
  client: Client,
): Promise<'confirmed' | 'expired' | 'no_longer_asked'> {
  await lockMailbox(tx, column, value);
  const asked = await findAskedSignup(tx, column, value, app.now().toISOString());
  if (asked === 'no_longer_asked') return asked;
  if (!asked) return 'expired';
  const points = asked.items.map((item) => item.contact_point_id);
  const permissions = await lockedPermissions(tx, points);
  await writeConfirmation(tx, app, { ...asked, permissions }, client, column === 'id' ? 'code' : 'link');
  return 'confirmed';
}

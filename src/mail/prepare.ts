import { optimistically } from '#db/optimistic.ts';
import { preparedLater } from '#db/prepared.ts';
import type { App } from '#src/app/app.ts';
import { decryptJson, encryptJson } from '#src/people/encryption.ts';
import { type AddressedMail, addressMails } from './addressed-mail.ts';
import type { Claim } from './claim.ts';
import type { Result } from './judge.ts';
import { outgoing } from './outgoing.ts';
import { renderMails } from './render-mails.ts';
import type { RenderedMail } from './rendered-mail.ts';
import type { OutgoingMail } from './transport.ts';

export interface Prepared {
  sendable: { mail: OutgoingMail; expiresAt: string | undefined }[];
  /** What became of the others. */
  settled: { id: string; result: Result }[];
}

/** Addresses the claimed mails and renders those that were never rendered, keeping the copy before it is sent. */
export async function prepare(app: App, claim: Claim, at: Date): Promise<Prepared> {
  try {
    return await prepareTogether(app, claim, at);
  } catch (error) {
    if (claim.mails.length === 1) return faulty(claim.mails[0]?.id ?? '', error);
    // One mail that cannot be read must not hold up the others.
    const each = claim.mails.map((mail) => prepare(app, { ...claim, mails: [mail] }, at));
    return merged(await Promise.all(each));
  }
}

async function prepareTogether(app: App, claim: Claim, at: Date): Promise<Prepared> {
  const addressed = await addressMails(app.db, app.keys, claim.mails);
  // A batch whose outcome is unknown goes out as it was: with a mail less it would be another request,
  // and all the others might come twice.
  const wanted = addressed.filter((mail) => (claim.again ? isSendable(mail) : isWanted(mail, at)));
  const answered = addressed.filter((mail) => !wanted.includes(mail) && wasAnswered(mail));
  const kept = await keptOrRendered(app, wanted, at);
  const ours = new Set([...wanted, ...answered].map(({ row }) => row.id));
  const cancelled = claim.mails.filter((row) => !ours.has(row.id));
  return {
    sendable: wanted.map((addressed) => ({
      mail: outgoing(app, addressed, kept.get(addressed.row.id) as RenderedMail),
      expiresAt: addressed.signup?.expires_at,
    })),
    settled: [
      ...cancelled.map(({ id }) => ({ id, result: { outcome: 'cancelled' } as const })),
      ...answered.map(({ row }) => ({ id: row.id, result: answeredResult })),
    ],
  };
}

/** Sent by an attempt that did not live to note it: nobody can answer a mail that never came. */
const answeredResult: Result = {
  outcome: 'sent',
  providerId: null,
  answer: 'answered before it was marked as sent',
};

function isSendable({ row, signup }: AddressedMail): boolean {
  return row.kind !== 'confirm-signup' || signup !== undefined;
}

function isWanted({ row, signup }: AddressedMail, at: Date): boolean {
  if (row.kind !== 'confirm-signup') return true;
  return (
    signup?.state === 'open' &&
    signup.asks &&
    signup.generation === row.generation &&
    signup.expires_at > at.toISOString()
  );
}

function wasAnswered({ row, signup }: AddressedMail): boolean {
  const isAnswered = signup?.state === 'confirmed' || signup?.state === 'rejected';
  return isAnswered && signup.generation === row.generation && row.content_enc !== null;
}

async function keptOrRendered(
  app: App,
  mails: AddressedMail[],
  at: Date,
): Promise<Map<string, RenderedMail>> {
  const fresh = await renderMails(
    app,
    mails.filter(({ row }) => row.content_enc === null),
    at,
  );
  const kept = mails.map(({ row, person }): [string, RenderedMail] => {
    const old = row.content_enc && decryptJson<RenderedMail>(person.key, row.content_enc);
    return [row.id, old || (fresh.get(row.id) as RenderedMail)];
  });
  await keep(
    app,
    mails.flatMap(({ row, person }) => {
      const rendered = fresh.get(row.id);
      return rendered ? [{ id: row.id, content_enc: encryptJson(person.key, rendered) }] : [];
    }),
  );
  return new Map(kept);
}

/** Together: whatever is sent has its copy before, and a batch needs one commit. */
async function keep(app: App, copies: { id: string; content_enc: string }[]): Promise<void> {
  if (copies.length === 0) return;
  await optimistically(app.db, async (tx) => {
    for (const copy of copies) await keepCopy(tx, copy);
  });
}

const keepCopy = preparedLater((db, of: { id: string; content_enc: string }) =>
  db
    .updateTable('mails')
    .set({ content_enc: of.content_enc })
    .where('id', '=', of.id)
    .where('content_enc', 'is', null),
);

function faulty(id: string, error: unknown): Prepared {
  const reason = error instanceof Error ? error.message : String(error);
  return { sendable: [], settled: [{ id, result: { outcome: 'retry', reason } }] };
}

function merged(parts: Prepared[]): Prepared {
  return {
    sendable: parts.flatMap((part) => part.sendable),
    settled: parts.flatMap((part) => part.settled),
  };
}

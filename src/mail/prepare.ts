import { defineAct, performAct } from '#db/acts.ts';
import { declareWrite, type WriteTarget } from '#db/writes.ts';
import type { App } from '#src/app/app.ts';
import { commitmentOf, saltedJson } from '#src/ledger/commitment.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptJson, encryptText } from '#src/people/encryption.ts';
import { type AddressedMail, resolveRecipients } from './addressed-mail.ts';
import type { Claim } from './claim.ts';
import type { Result } from './mail-update.ts';
import { outgoing } from './outgoing.ts';
import { renderMails } from './render-mails.ts';
import type { RenderedMail } from './rendered-mail.ts';
import type { OutgoingMail } from './transport.ts';

export interface Prepared {
  sendable: { mail: OutgoingMail; expiresAt: string | undefined }[];
  /** Mails that are not sent, with their result. */
  settled: { id: string; result: Result }[];
}

/** Loads the recipients of the claimed mails and renders new mails. Stores the rendered copy before it is sent. */
export async function prepare(app: App, claim: Claim, at: Date): Promise<Prepared> {
  try {
    return await prepareTogether(app, claim, at);
  } catch (error) {
    if (claim.mails.length === 1) return failed(claim.mails[0]?.id ?? '', error);
    // One broken mail must not block the others.
    const each = claim.mails.map((mail) => prepare(app, { ...claim, mails: [mail] }, at));
    return merged(await Promise.all(each));
  }
}

async function prepareTogether(app: App, claim: Claim, at: Date): Promise<Prepared> {
  const addressed = await resolveRecipients(app.db, app.keys, claim.mails);
  // A repeated batch must contain the same mails. Otherwise the provider sees a new request, and all may arrive twice.
  const wanted = addressed.filter((mail) => (claim.isRepeat ? isSendable(mail) : isWanted(mail, at)));
  const answered = addressed.filter((mail) => !wanted.includes(mail) && wasAnswered(mail));
  const rendered = await storedOrRendered(app, wanted, at);
  const ours = new Set([...wanted, ...answered].map(({ row }) => row.id));
  const cancelled = claim.mails.filter((row) => !ours.has(row.id));
  return {
    sendable: wanted.map((addressed) => ({
      mail: outgoing(app, addressed, rendered.get(addressed.row.id) as RenderedMail),
      expiresAt: addressed.signup?.expires_at,
    })),
    settled: [
      ...cancelled.map(({ id }) => ({ id, result: { outcome: 'cancelled' } as const })),
      ...answered.map(({ row }) => ({ id: row.id, result: answeredResult })),
    ],
  };
}

/** The link was used, so an earlier attempt did send the mail, but the process ended before storing that. */
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

async function storedOrRendered(
  app: App,
  mails: AddressedMail[],
  at: Date,
): Promise<Map<string, RenderedMail>> {
  const fresh = await renderMails(
    app,
    mails.filter(({ row }) => row.content_enc === null),
    at,
  );
  const all = mails.map(({ row, person }): [string, RenderedMail] => {
    const stored = row.content_enc && decryptJson<RenderedMail>(person.key, row.content_enc);
    return [row.id, stored || (fresh.get(row.id) as RenderedMail)];
  });
  await storeCopies(
    app,
    mails.flatMap(({ row, person }) => {
      const rendered = fresh.get(row.id);
      return rendered ? [copyOf(row.id, person, rendered)] : [];
    }),
  );
  return new Map(all);
}

type StoredCopy = { id: string; content_enc: string; commitment: string };

function copyOf(id: string, person: PersonWithKey, rendered: RenderedMail): StoredCopy {
  const salted = saltedJson(rendered);
  return { id, content_enc: encryptText(person.key, salted), commitment: commitmentOf(salted) };
}

/** One commit per batch. */
async function storeCopies(app: App, copies: StoredCopy[]): Promise<void> {
  if (copies.length === 0) return;
  const storeAll = async (to: WriteTarget) => {
    for (const copy of copies) await storeCopy(to, copy);
  };
  await performAct(app.db, mailCopies, { attempt: (_, rows) => storeAll(rows), exclusively: storeAll });
}

const storeCopy = declareWrite((db, of: StoredCopy) =>
  db
    .updateTable('mails')
    .set({ content_enc: of.content_enc, commitment: of.commitment })
    .where('id', '=', of.id)
    .where('content_enc', 'is', null),
);

const mailCopies = defineAct('mail_copies', [storeCopy]);

function failed(id: string, error: unknown): Prepared {
  const reason = error instanceof Error ? error.message : String(error);
  return { sendable: [], settled: [{ id, result: { outcome: 'retry', reason } }] };
}

function merged(parts: Prepared[]): Prepared {
  return {
    sendable: parts.flatMap((part) => part.sendable),
    settled: parts.flatMap((part) => part.settled),
  };
}

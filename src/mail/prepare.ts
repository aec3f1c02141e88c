import type { App } from '#src/app.ts';
import { decryptJson, encryptJson } from '#src/people/encryption.ts';
import { type AddressedMail, addressMails } from './addressed-mail.ts';
import type { Claim } from './claim.ts';
import { outgoing } from './outgoing.ts';
import { renderMails } from './render-mails.ts';
import type { RenderedMail } from './rendered-mail.ts';
import { scrub } from './scrub.ts';
import type { OutgoingMail } from './transport.ts';

export interface Prepared {
  sendable: OutgoingMail[];
  /** Not to be sent any more. */
  cancelled: string[];
  /** Sent by an attempt that did not live to note it: nobody can answer a mail that never came. */
  answered: string[];
  /** What went wrong before the mail could be handed over. */
  faults: { id: string; reason: string }[];
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
  const wanted = addressed.filter((mail) => claim.again || isWanted(mail, at));
  const answered = addressed.filter((mail) => !wanted.includes(mail) && wasAnswered(mail));
  const kept = await keptOrRendered(app, wanted, at);
  const settled = new Set([...wanted, ...answered].map(({ row }) => row.id));
  return {
    sendable: wanted.map((mail) => outgoing(app, mail, kept.get(mail.row.id) as RenderedMail)),
    cancelled: claim.mails.map((row) => row.id).filter((id) => !settled.has(id)),
    answered: answered.map(({ row }) => row.id),
    faults: [],
  };
}

function isWanted({ row, signup }: AddressedMail, at: Date): boolean {
  if (row.kind !== 'confirm-signup') return true;
  return (
    signup?.state === 'open' && signup.generation === row.generation && signup.expires_at > at.toISOString()
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
  const kept = await Promise.all(
    mails.map(async ({ row, person }): Promise<[string, RenderedMail]> => {
      if (row.content_enc) return [row.id, decryptJson<RenderedMail>(person.key, row.content_enc)];
      const rendered = fresh.get(row.id) as RenderedMail;
      await app.db
        .updateTable('mails')
        .set({ content_enc: encryptJson(person.key, rendered) })
        .where('id', '=', row.id)
        .where('content_enc', 'is', null)
        .execute();
      return [row.id, rendered];
    }),
  );
  return new Map(kept);
}

function faulty(id: string, error: unknown): Prepared {
  const reason = scrub(error instanceof Error ? error.message : String(error));
  return { sendable: [], cancelled: [], answered: [], faults: [{ id, reason }] };
}

function merged(parts: Prepared[]): Prepared {
  return {
    sendable: parts.flatMap((part) => part.sendable),
    cancelled: parts.flatMap((part) => part.cancelled),
    answered: parts.flatMap((part) => part.answered),
    faults: parts.flatMap((part) => part.faults),
  };
}

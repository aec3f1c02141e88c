import { sql } from 'kysely';
import type { Db, Tx } from '#db/connect.ts';
import type { MailKind } from '#db/schema/mails.ts';
import type { App } from '#src/app/app.ts';
import { cancelLetters } from '#src/letters/queue-letters.ts';
import { type AddressedMail, resolveRecipients } from '#src/mail/addressed-mail.ts';
import type { StaffLinkParams } from '#src/mail/outbox.ts';
import { retryNow } from '#src/mail/queue-pause.ts';
import { contactPointValue } from '#src/people/contact-points.ts';
import { decryptJson } from '#src/people/encryption.ts';
import { maskContactPoint } from '#src/people/normalise-contact-point.ts';
import { findOpenMailbox } from '#src/signups/mailbox-block.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';

/** A mail that could not be delivered, as listed at the desk and on the command line. */
export interface FailedMail {
  id: string;
  kind: MailKind;
  createdAt: string;
  attempts: number;
  /** The last answer of the mail server, without addresses. */
  reason: string;
  /** Masked. */
  address: string;
  /** False once its link has expired or its owner blocked such mails. */
  canBeSent: boolean;
}

/** Newest first. */
export async function listFailedMails(app: App, most = 100): Promise<FailedMail[]> {
  const addressed = await failedMails(app, app.db, { most });
  const sendable = new Set(await sendableIds(app, app.db, addressed));
  return addressed.map(({ row, address }) => ({
    id: row.id,
    kind: row.kind,
    createdAt: row.created_at,
    attempts: row.attempts,
    reason: row.provider_answer ?? '',
    address: maskContactPoint('email', address),
    canBeSent: sendable.has(row.id),
  }));
}

export async function countMails(db: Db): Promise<{ waiting: number; failed: number }> {
  // The conditions are those of the indexes `mails_due` and `mails_failed`.
  const count = async (state: string) => {
    const found = await db
      .selectFrom('mails')
      .select((eb) => eb.fn.countAll().as('mails'))
      .where(sql<boolean>`${sql.raw(state)}`)
      .executeTakeFirst();
    return Number(found?.mails ?? 0);
  };
  return { waiting: await count(`state in ('queued', 'sending')`), failed: await count(`state = 'failed'`) };
}

/** Limit of mails to resend in one transaction. */
const maxAtOnce = 1000;

/**
 * Queues failed mails again and returns how many. They are rendered again, so that their links are fresh. Without an
 * actor it is the command line.
 */
export async function sendFailedMails(
  app: App,
  actor: Actor | null,
  which: string[] | 'all',
): Promise<number> {
  if (actor) requireAbility(actor, 'mails.send');
  const at = app.now().toISOString();
  const sent = await app.db.transaction().execute(async (tx) => {
    const ids = which === 'all' ? undefined : which;
    const addressed = await failedMails(app, tx, { ids, most: maxAtOnce });
    const queued = await requeue(tx, at, await sendableIds(app, tx, addressed));
    if (queued.length > 0)
      await recordAudit(tx, at, actor, 'mails.sent_again', subjectOf(queued), { mails: queued.length });
    return queued.length;
  });
  if (sent > 0) app.mailsQueued();
  return sent;
}

/** Tries one mail of a paused queue at once. */
export async function retryPausedQueue(app: App, actor: Actor | null): Promise<void> {
  if (actor) requireAbility(actor, 'mails.send');
  const at = app.now().toISOString();
  await app.db.transaction().execute(async (tx) => {
    await retryNow(tx, at);
    await recordAudit(tx, at, actor, 'mails.queue_tried', 'mails');
  });
  app.mailsQueued();
}

function subjectOf(ids: string[]): string {
  return ids.length === 1 ? `mail:${ids[0]}` : 'mails';
}

async function failedMails(
  app: App,
  db: Db | Tx,
  { ids, most }: { ids?: string[] | undefined; most: number },
): Promise<AddressedMail[]> {
  if (ids?.length === 0) return [];
  let query = db
    .selectFrom('mails')
    .selectAll()
    // Literal SQL, so that the partial index `mails_failed` is used.
    .where(sql<boolean>`state = 'failed'`)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most);
  if (ids) query = query.where('id', 'in', ids);
  const rows = await query.execute();
  return rows.length === 0 ? [] : resolveRecipients(db, app.keys, rows);
}

async function sendableIds(app: App, db: Db | Tx, mails: AddressedMail[]): Promise<string[]> {
  const at = app.now();
  const ids: string[] = [];
  for (const mail of mails) if (await canBeSent(app, db, mail, at)) ids.push(mail.row.id);
  return ids;
}

async function canBeSent(
  { keys }: App,
  db: Db | Tx,
  { row, person, contactPoint, signup }: AddressedMail,
  at: Date,
): Promise<boolean> {
  if (row.kind === 'staff-invitation' || row.kind === 'staff-password-reset') {
    const { hours } = decryptJson<StaffLinkParams>(person.key, row.params_enc);
    return Date.parse(row.created_at) + hours * 3_600_000 > at.getTime();
  }
  if (row.kind !== 'confirm-signup') return true;
  const isOpen = signup?.state === 'open' && signup.generation === row.generation;
  if (!isOpen || signup.expires_at <= at.toISOString()) return false;
  return (await findOpenMailbox(db, keys, contactPointValue(person, contactPoint), at)) !== undefined;
}

/** Cancels the letters that replaced these mails. If a mail fails again, a new letter is queued. */
async function requeue(tx: Tx, at: string, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .updateTable('mails')
    .set({ state: 'queued', due_at: at, attempts: 0, batch_id: null, content_enc: null, paper_at: null })
    .where('id', 'in', ids)
    .where('state', '=', 'failed')
    .returning(['id', 'kind', 'person_id'])
    .execute();
  const notices = rows.filter(({ kind }) => kind === 'permissions-changed').map(({ person_id }) => person_id);
  for (const personId of new Set(notices)) await cancelLetters(tx, { at, personId, because: 'told_by_mail' });
  return rows.map(({ id }) => id);
}

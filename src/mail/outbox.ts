import type { MailKind } from '#db/schema/mails.ts';
import type { Channel, Locale, PermissionState } from '#db/schema/vocabulary.ts';
import { declareInsert, type WriteTarget } from '#db/writes.ts';
import { newId } from '#src/ids/new-id.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { encryptJson } from '#src/people/encryption.ts';

/** What rendering needs besides the database. */
export interface MailParams {
  'confirm-signup': Record<string, never>;
  'permissions-changed': {
    changes: { purpose: string; channel: Channel; from: PermissionState; to: PermissionState }[];
    /** The text of a consent was declared invalid; no permission changed. */
    because?: 'text_invalid' | undefined;
  };
  /** Why the mail is sent: requested, or a signup for permissions that were already granted. */
  'manage-link': { because: 'asked' | 'already_granted' };
  'staff-invitation': StaffLinkParams;
  'staff-password-reset': StaffLinkParams;
  /** An API key that waits for approval by a second person. */
  'staff-key-waiting': { keyId: string; keyName: string; maker: string };
  /** A witness or the time-stamping service of the log that has not answered for hours. */
  'staff-log-unwatched': { watcher: string; problem: string; since: string };
}

/** `hours`: validity of the link. */
export interface StaffLinkParams {
  tokenId: string;
  name: string;
  hours: number;
}

export interface NewMail<K extends MailKind> {
  kind: K;
  person: PersonWithKey;
  contactPointId: string;
  signup?: { id: string; generation: number };
  locale: Locale;
  params: MailParams[K];
}

/** Queues a mail as a row in the caller's transaction. The worker sends it after the commit. */
export async function enqueueMail<K extends MailKind>(
  to: WriteTarget,
  at: string,
  mail: NewMail<K>,
): Promise<void> {
  await insertMails(to, [
    {
      id: newId(),
      kind: mail.kind,
      person_id: mail.person.id,
      contact_point_id: mail.contactPointId,
      signup_id: mail.signup?.id ?? null,
      generation: mail.signup?.generation ?? null,
      locale: mail.locale,
      params_enc: encryptJson(mail.person.key, mail.params),
      content_enc: null,
      commitment: null,
      state: 'queued',
      due_at: at,
      attempts: 0,
      claimed_until: null,
      batch_id: null,
      provider_id: null,
      provider_answer: null,
      sent_at: null,
      created_at: at,
      paper_at: null,
    },
  ]);
}

export const insertMails = declareInsert('mails', [
  'id',
  'kind',
  'person_id',
  'contact_point_id',
  'signup_id',
  'generation',
  'locale',
  'params_enc',
  'content_enc',
  'commitment',
  'state',
  'due_at',
  'attempts',
  'claimed_until',
  'batch_id',
  'provider_id',
  'provider_answer',
  'sent_at',
  'created_at',
  'paper_at',
]);

import type { Tx } from '#db/connect.ts';
import { insertRows } from '#db/insert-rows.ts';
import type { Channel, Locale, MailKind, PermissionState } from '#db/schema.ts';
import { newId } from '#src/ids/new-id.ts';
import type { KnownPerson } from '#src/people/contact-points.ts';
import { encryptJson } from '#src/people/encryption.ts';

/** What the worker cannot look up when it renders the mail. */
export interface MailParams {
  'confirm-signup': Record<string, never>;
  'permissions-changed': {
    changes: { purpose: string; channel: Channel; from: PermissionState; to: PermissionState }[];
    /** The words that the person agreed to were declared invalid; nothing else has changed. */
    because?: 'text_invalid' | undefined;
  };
  /** Why the person gets the link: they asked, or signed up for what they already allow. */
  'manage-link': { because: 'asked' | 'already_granted' };
  'staff-invitation': StaffLinkParams;
  'staff-password-reset': StaffLinkParams;
  /** Which key waits for a second person, and who made it. */
  'staff-key-waiting': { keyId: string; keyName: string; maker: string };
}

/** Which token the mail carries, to whom, and for how many hours it works. */
export interface StaffLinkParams {
  tokenId: string;
  name: string;
  hours: number;
}

export interface NewMail<K extends MailKind> {
  kind: K;
  person: KnownPerson;
  contactPointId: string;
  signup?: { id: string; generation: number };
  locale: Locale;
  params: MailParams[K];
}

/** Promises a mail: a row in the caller's transaction, sent by the worker once that commits. */
export async function enqueueMail<K extends MailKind>(tx: Tx, at: string, mail: NewMail<K>): Promise<void> {
  await insertMail(tx, [
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

const insertMail = insertRows('mails');

import type { Reader, Tx } from '#db/connect.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { WriteTarget } from '#db/writes.ts';
import { cancelLetters, queueLetters } from '#src/letters/queue-letters.ts';
import { enqueueMail } from '#src/mail/outbox.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import type { Change } from './withdraw.ts';

export type NotifiedBy = 'mail' | 'letter' | 'nothing';

interface Notice {
  person: PersonWithKey;
  locale: Locale;
  /** A mailbox that may be used although it was never confirmed, such as one a customer gave with an order. */
  knownMailbox?: string;
  /** False: no letter. For imports, which tell the person nothing new. */
  onPaper?: boolean;
  /** Notify although no permission changed, because something else did. */
  withoutChanges?: boolean;
  because?: 'text_invalid';
  /** Only mailboxes confirmed here, not those that only another system confirmed. */
  seenHere?: boolean;
  /** False: no mail. For presumed consent to calls, which is no basis for a mail (law.md 7.6). */
  byMail?: boolean;
}

/**
 * Notifies a person of changes to their permissions: queues a mail to a confirmed mailbox, or else a letter. An
 * unconfirmed mailbox gets no mail: it may be a typing error and belong to someone else.
 */
export async function notifyPerson(tx: Tx, at: string, to: Notice, changes: Change[]): Promise<NotifiedBy> {
  if (changes.length === 0 && !to.withoutChanges) return 'nothing';
  const mailbox = to.byMail === false ? undefined : await usableMailbox(tx, to);
  if (mailbox) {
    await notifyByMail(tx, at, mailbox, to, changes);
    return 'mail';
  }
  if (to.onPaper === false) return 'nothing';
  await queueLetters(tx, at, to, changes);
  return 'letter';
}

/** Queues the mail to this mailbox of the person. */
export async function notifyByMail(
  to: WriteTarget,
  at: string,
  mailbox: string,
  { person, locale, because }: Pick<Notice, 'person' | 'locale' | 'because'>,
  changes: Change[],
): Promise<void> {
  await enqueueMail(to, at, {
    kind: 'permissions-changed',
    person,
    contactPointId: mailbox,
    locale,
    params: { changes, because },
  });
  // The mail contains the complete current state, so a waiting letter is not needed.
  await cancelLetters(to, { at, personId: person.id, because: 'told_by_mail' });
}

/** The newest usable mailbox that did not bounce. */
export async function usableMailbox(
  reader: Reader,
  { person, knownMailbox, seenHere = false }: Pick<Notice, 'person' | 'knownMailbox' | 'seenHere'>,
): Promise<string | undefined> {
  // A new person has confirmed nothing yet.
  if (person.isNew && knownMailbox === undefined) return undefined;
  const mailboxes = await mailboxesOf(reader, person.id);
  return mailboxes.find(
    ({ id, verified_at, claimed_at }) =>
      verified_at !== null || (claimed_at !== null && !seenHere) || id === knownMailbox,
  )?.id;
}

const mailboxesOf = preparedByKey((db, isAsked) =>
  db
    .selectFrom('contact_points')
    .select(['person_id as asked', 'id', 'verified_at', 'claimed_at'])
    .where(isAsked('person_id'))
    .where('channel', '=', 'email')
    .where('erased_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('suppressions')
            .select('suppressions.id')
            .whereRef('suppressions.lookup_hash', '=', 'contact_points.lookup_hash')
            .where('suppressions.reason', '=', 'bounce')
            .where('suppressions.lifted_at', 'is', null),
        ),
      ),
    )
    .orderBy('created_at', 'desc'),
);

import type { Tx } from '#db/connect.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import type { Locale } from '#db/schema.ts';
import { cancelLetters, queueLetters } from '#src/letters/queue-letters.ts';
import { enqueueMail } from '#src/mail/outbox.ts';
import type { KnownPerson } from '#src/people/contact-points.ts';
import type { Change } from './withdraw.ts';

/** How the person hears of it. `nothing`: there was nothing to tell. */
export type Told = 'mail' | 'letter' | 'nothing';

/**
 * Promises the mail that tells a person what was changed in their name, or where no mailbox is known to be
 * theirs, a letter in the print queue.
 *
 * A mailbox that never answered may be a typing error, and its reader a stranger. One that answered according to another
 * system is as good as the permission that rests on it. `knownMailbox` names one
 * that is good without, such as that of a customer who gave it with an order. `onPaper: false` writes no letter:
 * what another system held and ours takes over is nothing new to anybody, `seenHere` nor to a mailbox that never acted
 * here. `byMail: false` never writes a mail: a number that is called on a presumed interest gives no basis for one
 * (law.md 7.6). Without changes there is nothing to tell,
 * unless `standing` says that something else is new about how everything stands.
 */
export async function tellPerson(
  tx: Tx,
  at: string,
  to: {
    person: KnownPerson;
    locale: Locale;
    knownMailbox?: string;
    onPaper?: boolean;
    standing?: boolean;
    because?: 'text_invalid';
    seenHere?: boolean;
    byMail?: boolean;
  },
  changes: Change[],
): Promise<Told> {
  if (changes.length === 0 && !to.standing) return 'nothing';
  const mailbox = to.byMail === false ? undefined : await mailboxOf(tx, to);
  if (!mailbox) {
    if (to.onPaper === false) return 'nothing';
    await queueLetters(tx, at, to, changes);
    return 'letter';
  }
  await enqueueMail(tx, at, {
    kind: 'permissions-changed',
    person: to.person,
    contactPointId: mailbox,
    locale: to.locale,
    params: { changes, because: to.because },
  });
  // It tells how everything stands: a letter that still waits has nothing to add.
  await cancelLetters(tx, at, to.person.id, 'told_by_mail');
  return 'mail';
}

/** The newest mailbox that is theirs and takes mail: one that sent ours back reaches nobody. */
async function mailboxOf(
  tx: Tx,
  {
    person,
    knownMailbox,
    seenHere = false,
  }: { person: KnownPerson; knownMailbox?: string; seenHere?: boolean },
): Promise<string | undefined> {
  // Whoever was added in this very act has confirmed nothing yet.
  if (person.isNew && knownMailbox === undefined) return undefined;
  const mailboxes = await mailboxesOf(tx, person.id);
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

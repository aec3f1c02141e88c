import type { Db } from '#db/connect.ts';
import type { ContactPointTable, Locale } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { freshHours, readSignedLink } from '#src/links/signed-link.ts';
import type { KnownPerson } from '#src/people/contact-points.ts';
import { ownerOf } from '#src/people/owner-of.ts';

export type OpenedLink =
  | { outcome: 'unknown_link' }
  | { outcome: 'revoked' }
  | {
      outcome: 'found';
      /** Whose link this is. */
      contactPoint: ContactPointTable;
      /** Where the person is written to: the same, or for the link of a number or a postal address, a mailbox of theirs. */
      mailbox: ContactPointTable | undefined;
      person: KnownPerson;
      locale: Locale;
      /** Null for a link that a program was given. */
      mailedAt: string | null;
      /** Whether the mail with this link is young enough to show more than states. */
      fresh: boolean;
    };

/** Whose preference centre a manage link opens. */
export async function openManageLink(app: App, db: Db, link: string): Promise<OpenedLink> {
  const signed = readSignedLink(app.keys, link);
  if (signed?.use !== 'manage') return { outcome: 'unknown_link' };
  const owner = await ownerOf(db, app.keys, signed.contactPointId);
  if (owner?.contactPoint.link_generation !== signed.generation) return { outcome: 'revoked' };
  const { contactPoint, person, locale } = owner;
  return {
    outcome: 'found',
    contactPoint,
    mailbox: contactPoint.channel === 'email' ? contactPoint : await verifiedMailbox(db, person.id),
    person,
    locale,
    mailedAt: signed.mailedAt,
    fresh: signed.mailedAt !== null && isFresh(app, signed.mailedAt),
  };
}

function isFresh(app: App, mailedAt: string): boolean {
  return app.now().getTime() - Date.parse(mailedAt) < freshHours * 3_600_000;
}

/** The newest that its owner has answered from. */
async function verifiedMailbox(db: Db, personId: string): Promise<ContactPointTable | undefined> {
  return db
    .selectFrom('contact_points')
    .selectAll()
    .where('person_id', '=', personId)
    .where('channel', '=', 'email')
    .where('verified_at', 'is not', null)
    .where('erased_at', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

import type { Db } from '#db/connect.ts';
import type { ContactPointTable } from '#db/schema/people.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { freshHours, readSignedLink } from '#src/links/signed-link.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { findOwner } from '#src/people/find-owner.ts';

export interface FoundLink {
  outcome: 'found';
  contactPoint: ContactPointTable;
  /** The contact point itself, or for a number or postal address, a verified mailbox of the person. */
  mailbox: ContactPointTable | undefined;
  person: PersonWithKey;
  locale: Locale;
  /** Null for a link that was given to a program. */
  mailedAt: string | null;
  /** Mailed recently enough to show personal data, not only states. */
  fresh: boolean;
}

type OpenedLink = { outcome: 'unknown_link' | 'revoked' } | FoundLink;

/** Checks a manage link and finds its owner. */
export async function openManageLink(app: App, db: Db, link: string): Promise<OpenedLink> {
  const signed = readSignedLink(app.keys, link);
  if (signed?.use !== 'manage') return { outcome: 'unknown_link' };
  const owner = await findOwner(db, app.keys, signed.contactPointId);
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

/** The newest one. */
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

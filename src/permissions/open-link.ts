import type { Db } from '#db/connect.ts';
import type { ContactPointTable, Locale } from '#db/schema.ts';
import type { App } from '#src/app.ts';
import { freshHours, readSignedLink } from '#src/links/signed-link.ts';
import type { KnownPerson } from '#src/people/contact-points.ts';
import { ownerOf } from '#src/people/owner-of.ts';

export type OpenedLink =
  | { outcome: 'unknown_link' }
  | { outcome: 'revoked' }
  | {
      outcome: 'found';
      mailbox: ContactPointTable;
      person: KnownPerson;
      locale: Locale;
      /** Whether the mail with this link is young enough to show more than states. */
      fresh: boolean;
    };

/** Whose preference centre a manage link opens. */
export async function openManageLink(app: App, db: Db, link: string): Promise<OpenedLink> {
  const signed = readSignedLink(app.keys, link);
  if (signed?.use !== 'manage') return { outcome: 'unknown_link' };
  const owner = await ownerOf(db, app.keys, signed.contactPointId);
  if (owner?.contactPoint.link_generation !== signed.generation) return { outcome: 'revoked' };
  const age = app.now().getTime() - Date.parse(signed.issuedAt);
  return {
    outcome: 'found',
    mailbox: owner.contactPoint,
    person: owner.person,
    locale: owner.locale,
    fresh: age < freshHours * 3_600_000,
  };
}

import type { Db } from '#db/connect.ts';
import type { ContactPointTable, MailTable, SignupTable } from '#db/schema.ts';
import { contactPointValue, type KnownPerson } from '#src/people/contact-points.ts';
import { unwrapPersonKey } from '#src/people/encryption.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import type { Keys } from '#src/secrets/keys.ts';

/** A mail with whom it goes to. */
export interface AddressedMail {
  row: MailTable;
  person: KnownPerson;
  contactPoint: ContactPointTable;
  /** As it is sent: the domain in its ASCII form. */
  to: string;
  /** As people read it. */
  address: string;
  signup: MailedSignup | undefined;
}

/** `asks`: something of it may still be confirmed. Legal may have stopped its words, or declared them invalid. */
export interface MailedSignup extends SignupTable {
  asks: boolean;
}

/** Looks up whom the mails go to; whoever was erased since is missing. */
export async function addressMails(db: Db, keys: Keys, rows: MailTable[]): Promise<AddressedMail[]> {
  const [people, contactPoints, signups] = await Promise.all([
    db
      .selectFrom('people')
      .select(['id', 'key_wrapped'])
      .where('id', 'in', unique(rows.map((row) => row.person_id)))
      .execute(),
    db
      .selectFrom('contact_points')
      .selectAll()
      .where('id', 'in', unique(rows.map((row) => row.contact_point_id)))
      .execute(),
    signupsOf(db, rows),
  ]);
  return rows.flatMap((row) => {
    const key = people.find((person) => person.id === row.person_id)?.key_wrapped;
    const contactPoint = contactPoints.find((point) => point.id === row.contact_point_id);
    if (!key || !contactPoint?.value_enc) return [];
    const person = { id: row.person_id, key: unwrapPersonKey(keys, key) };
    const address = normaliseContactPoint('email', contactPointValue(person, contactPoint));
    if (!address.ok) return [];
    const signup = signups.find(({ id }) => id === row.signup_id);
    return [{ row, person, contactPoint, to: address.sendable, address: address.display, signup }];
  });
}

async function signupsOf(db: Db, rows: MailTable[]): Promise<MailedSignup[]> {
  const ids = unique(rows.flatMap((row) => row.signup_id ?? []));
  if (ids.length === 0) return [];
  const found = await db
    .selectFrom('signups')
    .selectAll('signups')
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom('signup_items')
            .innerJoin('consent_text_versions as version', 'version.id', 'signup_items.text_version_id')
            .select('signup_items.signup_id')
            .whereRef('signup_items.signup_id', '=', 'signups.id')
            .where('version.stopped_at', 'is', null)
            .where('version.invalidated_at', 'is', null),
        )
        .as('asks'),
    )
    .where('signups.id', 'in', ids)
    .execute();
  return found.map((signup) => ({ ...signup, asks: Boolean(signup.asks) }));
}

function unique(ids: string[]): string[] {
  return [...new Set(ids)];
}

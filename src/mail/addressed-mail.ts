import type { Db } from '#db/connect.ts';
import type { MailTable } from '#db/schema/mails.ts';
import type { ContactPointTable } from '#db/schema/people.ts';
import type { SignupTable } from '#db/schema/signups.ts';
import { contactPointValue, type PersonWithKey } from '#src/people/contact-points.ts';
import { unwrapPersonKey } from '#src/people/encryption.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import type { Keys } from '#src/secrets/keys.ts';

/** A queued mail with its recipient. */
export interface AddressedMail {
  row: MailTable;
  person: PersonWithKey;
  contactPoint: ContactPointTable;
  /** With the domain in its ASCII form. */
  to: string;
  /** For people to read. */
  address: string;
  signup: MailedSignup | undefined;
}

/** `asks`: at least one text of the signup can still be confirmed; legal may have stopped or invalidated others. */
export interface MailedSignup extends SignupTable {
  asks: boolean;
}

/** Loads the recipients. Mails to people who were erased since are left out. */
export async function resolveRecipients(db: Db, keys: Keys, rows: MailTable[]): Promise<AddressedMail[]> {
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

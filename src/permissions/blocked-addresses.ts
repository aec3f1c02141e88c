import type { Tx } from '#db/connect.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import type { ParsedAddress } from '#src/people/find-by-address.ts';
import type { PersonMatch } from '#src/people/refusals.ts';
import type { Blocked } from '#src/people/suppress.ts';
import { mailboxOf } from '#src/people/wide-match.ts';

/** A mail address is blocked together with its mailbox. */
export function hashesOf(app: App, addresses: ParsedAddress[]): Blocked[] {
  return addresses.flatMap(({ channel, value, hash }) => {
    const mailbox = channel === 'email' ? mailboxOf(value) : undefined;
    return [
      { channel, hash },
      ...(mailbox === undefined ? [] : [{ channel, hash: lookupHash(app.keys, channel, mailbox) }]),
    ];
  });
}

/** The addresses by which they were found. */
export function pointsOf(owners: PersonMatch[], asked: { channel?: Channel }): Blocked[] {
  return owners.flatMap(({ points }) =>
    points.flatMap(({ channel, lookup_hash: hash }) =>
      hash && (!asked.channel || channel === asked.channel) ? [{ channel, hash }] : [],
    ),
  );
}

/** Every address of theirs that the no is about. */
export async function addressesOf(
  tx: Tx,
  people: PersonMatch[],
  asked: { channel?: Channel },
): Promise<Blocked[]> {
  if (people.length === 0) return [];
  const rows = await tx
    .selectFrom('contact_points')
    .select(['channel', 'lookup_hash'])
    .where(
      'person_id',
      'in',
      people.map(({ person }) => person.id),
    )
    .where('lookup_hash', 'is not', null)
    .$if(asked.channel !== undefined, (query) => query.where('channel', '=', asked.channel as Channel))
    .execute();
  return rows.flatMap(({ channel, lookup_hash: hash }) => (hash ? [{ channel, hash }] : []));
}

import { expressionBuilder } from 'kysely';
import type { Reader } from '#db/connect.ts';
import { type IsAsked, preparedByKey } from '#db/prepared-by-key.ts';
import type { PermissionTable } from '#db/schema/permissions.ts';
import type { Schema } from '#db/schema/schema.ts';
import type { SignupTable } from '#db/schema/signups.ts';
import { liftedByAnswer } from './lifted-by-answer.ts';
import { isNoLongerAsked, type SignupItem, signupItemsBy } from './signup-items.ts';

/** A signup that can be confirmed, with all that a confirmation needs to know. */
export interface AskedSignup {
  signup: SignupTable;
  mailbox: AskedMailbox;
  items: SignupItem[];
  /** Of the items, as they are now. */
  permissions: PermissionTable[];
}

/** Where the mail with the link went: the key of its owner, and what an answer from there may end. */
export interface AskedMailbox {
  /** Null once the owner is erased. */
  key_wrapped: string | null;
  lookup_hash: string | null;
  wide_hash: string | null;
  value_enc: string | null;
  /** A block stands on it that an answer lifts. */
  suppressed: boolean;
  /** A letter to its owner waits to be printed. */
  letters: boolean;
}

/** `undefined` when the signup is unknown, answered or expired; `no_longer_asked` when all of its words were stopped. */
export async function findAskedSignup(
  reader: Reader,
  column: 'token_hash' | 'id',
  value: string,
  now: string,
): Promise<AskedSignup | 'no_longer_asked' | undefined> {
  const [[found], { items, permissions }] = await Promise.all([
    openBy[column](reader, value),
    signupItemsBy(reader, column, value),
  ]);
  if (!found || found.expires_at <= now) return undefined;
  if (isNoLongerAsked(items)) return 'no_longer_asked';
  const { key_wrapped, lookup_hash, wide_hash, value_enc, suppressed, letters, ...signup } = found;
  const mailbox = {
    key_wrapped,
    lookup_hash,
    wide_hash,
    value_enc,
    suppressed: Boolean(suppressed),
    letters: Boolean(letters),
  };
  return { signup, mailbox, items, permissions };
}

const eb = expressionBuilder<Schema, 'contact_points' | 'people'>();

const ofMailbox = [
  'people.key_wrapped',
  'contact_points.lookup_hash',
  'contact_points.value_enc',
  'contact_points.wide_hash',
  eb
    .exists(
      eb
        .selectFrom('suppressions')
        .select('suppressions.id')
        // A no to the mailbox is taken back by a yes to one of its sub-addresses.
        .where((or) =>
          or.or([
            or('suppressions.lookup_hash', '=', or.ref('contact_points.lookup_hash')),
            or('suppressions.lookup_hash', '=', or.ref('contact_points.wide_hash')),
          ]),
        )
        .where('suppressions.reason', 'in', liftedByAnswer)
        .where('suppressions.lifted_at', 'is', null),
    )
    .as('suppressed'),
  eb
    .exists(
      eb
        .selectFrom('letters')
        .select('letters.id')
        .whereRef('letters.person_id', '=', 'contact_points.person_id')
        .where('letters.state', 'in', ['waiting', 'unaddressed']),
    )
    .as('letters'),
] as const;

const openBy = {
  token_hash: preparedByKey((db, isAsked) => openSignups(db, 'token_hash', isAsked)),
  id: preparedByKey((db, isAsked) => openSignups(db, 'id', isAsked)),
};

function openSignups(db: Reader, column: 'token_hash' | 'id', isAsked: IsAsked) {
  return db
    .selectFrom('signups')
    .innerJoin('contact_points', 'contact_points.id', 'signups.contact_point_id')
    .innerJoin('people', 'people.id', 'contact_points.person_id')
    .selectAll('signups')
    .select(`signups.${column} as asked`)
    .select(ofMailbox)
    .where(isAsked(`signups.${column}`))
    .where('signups.state', '=', 'open');
}

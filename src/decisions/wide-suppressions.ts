import type { Db } from '#db/connect.ts';
import { keyTable } from '#db/key-lists.ts';
import { prepared } from '#db/prepared.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { refusalCovers } from '#src/people/refusals.ts';
import { mailboxOf, type WideMatch, wideMatches } from '#src/people/wide-match.ts';
import type { Keys } from '#src/secrets/keys.ts';
import { sortedKeys } from './sorted-keys.ts';
import { type FoundSuppression, findSuppressions } from './suppressions.ts';

/**
 * A refusal matches widely (law.md 6.6): also by the mailbox behind a sub-address, and by the door that a letter goes to.
 * Each key belongs to the address at this index of the question.
 */
export interface WideKey {
  index: number;
  hash: string;
  /** For letters: the address as it was read. */
  match?: WideMatch;
}

/** Most addresses have none. */
export function wideKeysOf(
  keys: Keys,
  channel: Channel,
  country: string,
  typed: string,
): Omit<WideKey, 'index'>[] {
  if (channel === 'post') {
    return wideMatches(keys, typed, country).map((match) => ({ hash: match.place, match }));
  }
  const mailbox = channel === 'email' ? mailboxOf(typed) : undefined;
  return mailbox === undefined ? none : [{ hash: lookupHash(keys, 'email', mailbox) }];
}

const none: Omit<WideKey, 'index'>[] = [];

/** What blocks the addresses by these keys. `hashes`: of the addresses themselves. */
export async function findWideSuppressions(
  db: Db,
  channel: Channel,
  wide: WideKey[],
  hashes: (string | undefined)[],
): Promise<FoundSuppression[]> {
  if (wide.length === 0) return [];
  const keys = sortedKeys(
    db,
    wide.map(({ hash }) => hash),
  );
  if (channel !== 'post') {
    const found = await findSuppressions(db, keys);
    return found.map((one) => ({ ...one, index: wide[one.index]?.index ?? Number.NaN }));
  }
  const rows = await refusalRows(db, { list: keys.list });
  return rows.flatMap(({ place, kept, spared, purpose_id, created_at }): FoundSuppression[] => {
    const { index, match } = wide[keys.indexes[Number(place)] ?? Number.NaN] ?? {};
    if (index === undefined || !match || !refusalCovers(kept, spared, [match], hashes[index] ?? ''))
      return [];
    const facts = { reason: 'objection', at: created_at, until: null, liftedAt: null } as const;
    return [{ index, purposeId: purpose_id, facts }];
  });
}

const refusalRows = prepared((db, of: { list: string }) =>
  db
    .selectFrom(keyTable(db, of.list).as('keys'))
    .crossJoin('refusals')
    .whereRef('refusals.place_hash', '=', 'keys.value')
    .select(['keys.place', 'refusals.kept', 'refusals.spared'])
    .select(['refusals.purpose_id', 'refusals.created_at']),
);

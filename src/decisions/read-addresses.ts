import assert from 'node:assert/strict';
import type { Expression } from 'kysely';
import type { Db } from '#db/connect.ts';
import { prepared } from '#db/prepared.ts';
import { jsonRows, rowsIn, selectTogether } from '#db/select-together.ts';
import type { FoundContactPoints } from './contact-points.ts';
import { contactPointsQuery } from './contact-points-query.ts';
import { contactPointsFrom } from './find-contact-points.ts';
import { restrictedQuery } from './load-restricted.ts';
import { type DecisionPurpose, purposeFrom, purposeQuery } from './purpose.ts';
import type { SortedKeys } from './sorted-keys.ts';
import { type FoundSuppression, suppressionsFrom, suppressionsQuery } from './suppressions.ts';

/** What is recorded now about the addresses of a question. */
export interface AddressRows {
  /** `undefined` when the purpose is unknown or retired. */
  purpose: DecisionPurpose | undefined;
  contactPoints: FoundContactPoints;
  suppressions: FoundSuppression[];
  /** As `loadRestricted` takes them. */
  restrictedPeople: string[];
}

export type ReadAddresses = (db: Db, keys: SortedKeys, purposeKey: string) => Promise<AddressRows>;

/**
 * By one statement: a question waits for the database once, and everything is of one moment. There can be a contact point
 * for every address of a file, so `scrub/` selects and reads those in a packed form.
 */
export function addressReader<Text>(
  select: (db: Db, list: string, purposeKey: string) => Expression<Text>,
  read: (text: Text, keys: SortedKeys) => FoundContactPoints,
): ReadAddresses {
  const lookUp = prepared((db, of: { list: string; purposeKey: string; most: number }) =>
    selectTogether(db, {
      purpose: jsonRows(db, purposeQuery(db, of.purposeKey)),
      contactPoints: select(db, of.list, of.purposeKey),
      suppressions: jsonRows(db, suppressionsQuery(db, of.list)),
      restricted: jsonRows(db, restrictedQuery(db, of.most)),
    }),
  );
  return async (db, keys, purposeKey) => {
    const [found] = await lookUp(db, { list: keys.list, purposeKey, most: keys.count + 1 });
    assert(found, 'a statement without FROM has one row');
    return {
      purpose: purposeFrom(rowsIn(found.purpose), purposeKey),
      contactPoints: read(found.contactPoints as Text, keys),
      suppressions: suppressionsFrom(rowsIn(found.suppressions), keys),
      restrictedPeople: rowsIn(found.restricted).map(({ person_id }) => person_id),
    };
  };
}

export const readAddresses = addressReader(
  (db, list, purposeKey) => jsonRows(db, contactPointsQuery(db, list, purposeKey)),
  (json, keys) => contactPointsFrom(rowsIn(json), keys),
);

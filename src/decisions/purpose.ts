import type { InferResult } from 'kysely';
import type { Db } from '#db/connect.ts';
import { prepared } from '#db/prepared.ts';
import type { Channel } from '#db/schema/vocabulary.ts';

/** What decisions need to know of a purpose. */
export interface DecisionPurpose {
  id: string;
  key: string;
  /** The company that may use it. */
  controller: { id: string; key: string; legalName: string };
  channels: Channel[];
  /** Whether its controller relies on confirmations that another system claims. */
  acceptsClaimed: boolean;
  /** The months without use that the purpose sets itself, by channel. */
  nonUse: Partial<Record<Channel, { flagMonths: number | null; denyMonths: number | null }>>;
}

/** `undefined` when no purpose has this key, or when it is retired. */
export async function findDecisionPurpose(db: Db, key: string): Promise<DecisionPurpose | undefined> {
  return purposeFrom(await purposeRows(db, { key }), key);
}

/** From the rows of `purposeQuery`. */
export function purposeFrom(rows: PurposeRow[], key: string): DecisionPurpose | undefined {
  const [first] = rows;
  if (!first) return undefined;
  const channels = rows.flatMap(({ channel, flag_months, deny_months }) =>
    channel ? [{ channel, nonUse: { flagMonths: flag_months, denyMonths: deny_months } }] : [],
  );
  return {
    id: first.id,
    key,
    controller: { id: first.controller_id, key: first.controller_key, legalName: first.legal_name },
    channels: channels.map(({ channel }) => channel),
    acceptsClaimed: first.refuses_claimed !== 1,
    nonUse: Object.fromEntries(channels.map(({ channel, nonUse }) => [channel, nonUse])),
  };
}

const purposeRows = prepared((db, of: { key: string }) => purposeQuery(db, of.key));

/** A row for each channel of the purpose. */
export function purposeQuery(db: Db, key: string) {
  return db
    .selectFrom('purposes')
    .innerJoin('controllers', 'controllers.id', 'purposes.controller_id')
    .leftJoin('purpose_channels', 'purpose_channels.purpose_id', 'purposes.id')
    .select(['purposes.id', 'purpose_channels.channel', 'controllers.refuses_claimed'])
    .select([
      'controllers.id as controller_id',
      'controllers.key as controller_key',
      'controllers.legal_name',
    ])
    .select(['purpose_channels.flag_months', 'purpose_channels.deny_months'])
    .where('purposes.key', '=', key)
    .where('purposes.retired_at', 'is', null);
}

type PurposeRow = InferResult<ReturnType<typeof purposeQuery>>[number];

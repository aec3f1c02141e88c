import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { SuppressionTable } from '#db/schema/suppressions.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import type { Keys } from '#src/secrets/keys.ts';
import { lookupHash } from './contact-points.ts';
import { findRefusals } from './refusals.ts';
import { mailboxOf } from './wide-match.ts';

/** A block as shown at the desk and returned by the API. */
export interface Block {
  channel: Channel;
  /** Purpose key. Null: all purposes. */
  purpose: string | null;
  reason: Exclude<SuppressionTable['reason'], 'not_me'>;
  since: string;
  /** Set when the objection named another spelling of the address: staff can lift it for this spelling by this id. */
  refusalId: string | null;
}

interface AddressToCheck {
  channel: Channel;
  value: string;
  /** As it was typed. */
  typed: string;
  hash: string;
}

/** All blocks in force at this time, also for unknown addresses: objections first, then by age. */
export async function findBlocks(
  db: Db,
  keys: Keys,
  addresses: AddressToCheck[],
  at: string,
): Promise<Block[]> {
  const channelOf = new Map<string, Channel>();
  for (const { channel, value, hash } of addresses) {
    channelOf.set(hash, channel);
    const mailbox = channel === 'email' ? mailboxOf(value) : undefined;
    if (mailbox !== undefined) channelOf.set(lookupHash(keys, channel, mailbox), channel);
  }
  const purposes = new Map(
    (await db.selectFrom('purposes').select(['id', 'key']).execute()).map((row) => [row.id, row.key]),
  );
  const keyOf = (id: string | null) => (id === null ? null : (purposes.get(id) ?? null));
  const suppressions = await db
    .selectFrom('suppressions')
    .select(['channel', 'purpose_id', 'reason', 'created_at', 'refusal_id'])
    .where(isOneOf(db, 'lookup_hash', [...channelOf.keys()]))
    .where('reason', '<>', 'not_me')
    .where((eb) => eb.or([eb('lifted_at', 'is', null), eb('lifted_at', '>', at)]))
    .where((eb) => eb.or([eb('until', 'is', null), eb('until', '>', at)]))
    .execute();
  const blocks = suppressions.map(({ channel, purpose_id, reason, created_at, refusal_id }) => ({
    channel,
    purpose: keyOf(purpose_id),
    reason: reason as Block['reason'],
    since: created_at,
    refusalId: refusal_id,
  }));
  for (const { channel, typed, hash } of addresses) {
    if (channel !== 'post') continue;
    for (const { id, purpose_id, created_at } of await findRefusals(db, keys, typed, hash)) {
      const same = blocks.some(
        (one) => one.channel === 'post' && one.since === created_at && one.purpose === keyOf(purpose_id),
      );
      if (same) continue;
      blocks.push({
        channel,
        purpose: keyOf(purpose_id),
        reason: 'objection',
        since: created_at,
        refusalId: id,
      });
    }
  }
  return blocks.sort(
    (a, b) => order.indexOf(a.reason) - order.indexOf(b.reason) || (a.since < b.since ? -1 : 1),
  );
}

const order: Block['reason'][] = ['objection', 'complaint', 'bounce'];

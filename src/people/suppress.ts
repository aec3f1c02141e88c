import type { Tx } from '#db/connect.ts';
import { lockKeys } from '#db/locks.ts';
import type { SuppressionTable } from '#db/schema/suppressions.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import { newId } from '#src/ids/new-id.ts';

/** An address to block, as a hash. */
export interface Blocked {
  channel: Channel;
  hash: string;
  /** When it happened, if another system reports it later, and the name of that system. */
  since?: string;
  source?: string;
}

/**
 * Blocks addresses, known or unknown, for one purpose or for all, and returns how many were new. `refusalId`: the
 * objection to another spelling that causes the block.
 */
export async function suppress(
  tx: Tx,
  at: string,
  addresses: Blocked[],
  reason: SuppressionTable['reason'],
  purposeId: string | null = null,
  refusalId: string | null = null,
): Promise<number> {
  if (addresses.length === 0) return 0;
  // Without the lock, two concurrent calls would both insert.
  await lockKeys(
    tx,
    addresses.map(({ hash }) => hash),
  );
  const existing = await tx
    .selectFrom('suppressions')
    .select('lookup_hash')
    .where(
      'lookup_hash',
      'in',
      addresses.map(({ hash }) => hash),
    )
    .where('reason', '=', reason)
    .where('lifted_at', 'is', null)
    .where('purpose_id', purposeId === null ? 'is' : '=', purposeId)
    .execute();
  const blocked = new Set(existing.map((row) => row.lookup_hash));
  const missing = addresses.filter(({ hash }) => !blocked.has(hash) && blocked.add(hash));
  if (missing.length === 0) return 0;
  await tx
    .insertInto('suppressions')
    .values(
      missing.map(({ channel, hash, since, source }) => ({
        id: newId(),
        channel,
        lookup_hash: hash,
        purpose_id: purposeId,
        reason,
        created_at: since ?? at,
        until: null,
        lifted_at: null,
        source: source ?? null,
        recorded_at: since === undefined ? null : at,
        refusal_id: refusalId,
      })),
    )
    .execute();
  return missing.length;
}

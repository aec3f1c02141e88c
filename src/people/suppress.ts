import type { Tx } from '#db/connect.ts';
import { lockKeys } from '#db/locks.ts';
import type { Channel, SuppressionTable } from '#db/schema.ts';
import { newId } from '#src/ids/new-id.ts';

/** An address, as the block list knows it. */
export interface Blocked {
  channel: Channel;
  hash: string;
  /** Since when, where another system told it later; and who told it. */
  since?: string;
  source?: string;
}

/**
 * Blocks addresses, known or not, for one purpose or for all. Blocked for the same reason already: nothing changes.
 * `refusalId` names the no in another spelling that they are blocked for.
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
  // Two at once would both find nothing and block twice.
  await lockKeys(
    tx,
    addresses.map(({ hash }) => hash),
  );
  const known = await tx
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
  const blocked = new Set(known.map((row) => row.lookup_hash));
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

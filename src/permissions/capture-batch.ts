import type { Tx } from '#db/connect.ts';
import { lockKeys } from '#db/locks.ts';
import { findByAddress, type Owner, type ReadAddress } from '#src/people/find-by-address.ts';
import type { Keys } from '#src/secrets/keys.ts';
import type { Capture } from './capture.ts';
import { type CapturedText, type CaptureFault, findCapturedText } from './capture-faults.ts';

/** What the captures of one file ask again and again, asked once. Holds as long as the transaction. */
export interface CaptureBatch {
  purposes: Map<string, PurposeRow[]>;
  texts: Map<string, CapturedText | CaptureFault>;
  /** Whoever is known by the hash of their address. An address that is missing here was not looked up yet. */
  owners: Map<string, Owner[]>;
}

interface PurposeRow {
  id: string;
  channel: string | null;
}

export function emptyBatch(): CaptureBatch {
  return { purposes: new Map(), texts: new Map(), owners: new Map() };
}

/** Looks up the owners of all these addresses at once. */
export async function captureBatch(tx: Tx, keys: Keys, addresses: ReadAddress[]): Promise<CaptureBatch> {
  const batch = emptyBatch();
  for (const { hash } of addresses) batch.owners.set(hash, []);
  await lockKeys(tx, [...batch.owners.keys()]);
  for (const { points, ...owner } of await findByAddress(tx, keys, addresses)) {
    for (const point of points)
      batch.owners.get(point.lookup_hash ?? '')?.push({ ...owner, points: [point] });
  }
  return batch;
}

export async function ownersIn(
  batch: CaptureBatch,
  tx: Tx,
  keys: Keys,
  address: ReadAddress,
): Promise<Owner[]> {
  return once(batch.owners, address.hash, () => findByAddress(tx, keys, [address]));
}

/** The purpose once for each of its channels; nothing for a purpose that is not in use. */
export async function purposeIn(batch: CaptureBatch, tx: Tx, key: string): Promise<PurposeRow[]> {
  return once(batch.purposes, key, () =>
    tx
      .selectFrom('purposes')
      .leftJoin('purpose_channels', 'purpose_channels.purpose_id', 'purposes.id')
      .select(['purposes.id', 'purpose_channels.channel'])
      .where('purposes.key', '=', key)
      .where('purposes.retired_at', 'is', null)
      .execute(),
  );
}

export async function textIn(
  batch: CaptureBatch,
  tx: Tx,
  capture: Capture,
  now: string,
): Promise<CapturedText | CaptureFault> {
  const key = JSON.stringify([capture.text_version, capture.purpose, capture.channel]);
  return once(batch.texts, key, () => findCapturedText(tx, capture, now));
}

async function once<T>(known: Map<string, T>, key: string, ask: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = await ask();
  known.set(key, found);
  return found;
}

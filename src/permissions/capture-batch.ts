import type { Tx } from '#db/connect.ts';
import { lockKeys } from '#db/locks.ts';
import { type AddressOwner, findByAddress, type ParsedAddress } from '#src/people/find-by-address.ts';
import type { Keys } from '#src/secrets/keys.ts';
import type { Capture } from './capture.ts';
import { type CapturedText, type CaptureFault, findCapturedText } from './capture-faults.ts';

/** Look-ups shared by all captures of one file. Valid within one transaction. */
export interface CaptureBatch {
  purposes: Map<string, PurposeRow[]>;
  texts: Map<string, CapturedText | CaptureFault>;
  /** By the hash of the address. A missing key means: not looked up yet. */
  owners: Map<string, AddressOwner[]>;
}

interface PurposeRow {
  id: string;
  channel: string | null;
}

export function emptyBatch(): CaptureBatch {
  return { purposes: new Map(), texts: new Map(), owners: new Map() };
}

/** A batch with the owners of all these addresses loaded. */
export async function captureBatch(tx: Tx, keys: Keys, addresses: ParsedAddress[]): Promise<CaptureBatch> {
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
  address: ParsedAddress,
): Promise<AddressOwner[]> {
  return once(batch.owners, address.hash, () => findByAddress(tx, keys, [address]));
}

/** One row per channel of the purpose; empty for an unknown or retired purpose. */
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

async function once<T>(cache: Map<string, T>, key: string, load: () => Promise<T>): Promise<T> {
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const loaded = await load();
  cache.set(key, loaded);
  return loaded;
}

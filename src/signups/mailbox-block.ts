import type { Reader } from '#db/connect.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import { type ActRows, declareCheck } from '#db/writes.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { deliveredMailbox } from '#src/people/delivered-mailbox.ts';
import type { Keys } from '#src/secrets/keys.ts';

/** A mailbox whose owner has not said "that was not me". */
export interface OpenMailbox {
  readonly mailbox: string;
  readonly [open]: true;
}

declare const open: unique symbol;

/** `undefined` while the mailbox is blocked: then no confirmation mail goes there, whatever the reason for it. */
export async function findOpenMailbox(
  reader: Reader,
  keys: Keys,
  address: string,
  at: Date,
): Promise<OpenMailbox | undefined> {
  const block = await findBlock(reader, keys, address, at);
  return block ? undefined : ({ mailbox: deliveredMailbox(address) } as OpenMailbox);
}

/** The same for an act, which is refused when the mailbox is blocked: few are, and a read costs more than the check. */
export async function assertOpenMailbox(
  to: ActRows,
  keys: Keys,
  address: string,
  at: Date,
): Promise<OpenMailbox> {
  const now = at.toISOString();
  for (const lookup_hash of blockKeys(keys, address)) await checkNotBlocked(to, { lookup_hash, now });
  return { mailbox: deliveredMailbox(address) } as OpenMailbox;
}

export const checkNotBlocked = declareCheck((db, of: { lookup_hash: string; now: string }) =>
  db
    .selectFrom('suppressions')
    .select('id')
    .where('lookup_hash', '=', of.lookup_hash)
    .where('reason', '=', 'not_me')
    .where('lifted_at', 'is', null)
    .where((or) => or.or([or('until', 'is', null), or('until', '>', of.now)])),
);

/** Until when the block of "that was not me" holds, if there is one. */
export async function findBlock(
  reader: Reader,
  keys: Keys,
  address: string,
  at: Date,
): Promise<{ until: string | null } | undefined> {
  const now = at.toISOString();
  const rows = await Promise.all(blockKeys(keys, address).map((hash) => blocksByHash(reader, hash)));
  return rows.flat().find(({ until }) => until === null || until > now);
}

/** The hash under which a new block is stored: it holds for every address that delivers to the same mailbox. */
export function blockHash(keys: Keys, address: string): string {
  return lookupHash(keys, 'email', deliveredMailbox(address));
}

/** Blocks of earlier versions are stored under the address itself. */
export function blockKeys(keys: Keys, address: string): string[] {
  return [...new Set([blockHash(keys, address), lookupHash(keys, 'email', address.toLowerCase())])];
}

const blocksByHash = preparedByKey((db, isAsked) =>
  db
    .selectFrom('suppressions')
    .select(['lookup_hash as asked', 'until'])
    .where(isAsked('lookup_hash'))
    .where('reason', '=', 'not_me')
    .where('lifted_at', 'is', null),
);

import type { RawBuilder } from 'kysely';
import type { Db, Tx } from '#db/connect.ts';
import { keyTable } from '#db/key-lists.ts';
import { packedLines, unpackedLines } from '#db/packed-lines.ts';
import type { Channel, SuppressionTable } from '#db/schema.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { meets } from '#src/people/refusals.ts';
import { mailboxOf, type WideMatch, wideMatches } from '#src/people/wide-match.ts';
import type { Keys } from '#src/secrets/keys.ts';
import type { Facts } from './facts.ts';
import { type SortedKeys, sortedKeys } from './sorted-keys.ts';

/**
 * The blocks that name these addresses, as `readSuppressions` takes them apart: all of them. With conditions on more than
 * the address PostgreSQL expects so few that it reads the whole table for every question.
 */
export function packedSuppressions(db: Db | Tx, list: string): RawBuilder<string | null> {
  return packedLines(
    db
      .selectFrom(keyTable(db, list).as('asked'))
      .crossJoin('suppressions')
      .whereRef('suppressions.lookup_hash', '=', 'asked.value')
      .select(['asked.place', 'suppressions.reason', 'suppressions.purpose_id'])
      .select(['suppressions.created_at', 'suppressions.until', 'suppressions.lifted_at']),
    ['place', 'reason', 'purpose_id', 'created_at', 'until', 'lifted_at'],
  );
}

/** Those that count for this purpose, by the index of the address. */
export function readSuppressions(
  lines: string | null | undefined,
  { indexes }: SortedKeys,
  purposeId: string | undefined,
): Map<number, Facts['suppressions']> {
  const suppressions = new Map<number, Facts['suppressions']>();
  for (const [place, reason, ofPurpose, at = '', until, liftedAt] of unpackedLines(lines)) {
    if (reason === 'not_me' || (ofPurpose && ofPurpose !== purposeId)) continue;
    const index = indexes[Number(place)] ?? Number.NaN;
    const all = suppressions.get(index) ?? [];
    all.push({
      reason: reason as Exclude<SuppressionTable['reason'], 'not_me'>,
      at,
      until: until || null,
      liftedAt: liftedAt || null,
    });
    suppressions.set(index, all);
  }
  return suppressions;
}

/** The nos to letters at these doors, as `addWider` takes them apart. */
export function packedRefusals(db: Db | Tx, list: string): RawBuilder<string | null> {
  return packedLines(
    db
      .selectFrom(keyTable(db, list).as('asked'))
      .crossJoin('refusals')
      .whereRef('refusals.place_hash', '=', 'asked.value')
      .select(['asked.place', 'refusals.kept', 'refusals.spared'])
      .select(['refusals.purpose_id', 'refusals.created_at']),
    ['place', 'kept', 'spared', 'purpose_id', 'created_at'],
  );
}

/**
 * What has to be asked besides the addresses themselves, because a no matches widely (law.md 6.6): the mailbox behind a
 * sub-address, or the door that a letter goes to.
 */
export interface WideKeys {
  kind: 'mailbox' | 'door';
  keys: SortedKeys;
  /** To which address each of them belongs, and how a door was read. */
  of: { index: number; match?: WideMatch }[];
}

/** Takes the addresses of a question one by one. `done` gives `undefined` where there is nothing more to ask. */
export function gatheringWideKeys(keys: Keys, channel: Channel, country: string) {
  const places: string[] = [];
  const of: WideKeys['of'] = [];
  return {
    add(index: number, typed: string): void {
      if (channel === 'email') {
        const mailbox = mailboxOf(typed);
        if (mailbox === undefined) return;
        places.push(lookupHash(keys, 'email', mailbox));
        of.push({ index });
      } else if (channel === 'post') {
        for (const match of wideMatches(keys, typed, country)) {
          places.push(match.place);
          of.push({ index, match });
        }
      }
    },
    done(db: Db): WideKeys | undefined {
      if (places.length === 0) return undefined;
      return { kind: channel === 'post' ? 'door' : 'mailbox', keys: sortedKeys(db, places), of };
    },
  };
}

/** Adds the blocks that were found by wider keys to those of the addresses themselves. */
export function addWider(
  suppressions: Map<number, Facts['suppressions']>,
  lines: string | null,
  { kind, keys, of }: WideKeys,
  hashes: (string | undefined)[],
  purposeId: string | undefined,
): void {
  const add = (index: number, blocks: Facts['suppressions']) =>
    suppressions.set(index, [...(suppressions.get(index) ?? []), ...blocks]);
  if (kind === 'mailbox') {
    for (const [place, blocks] of readSuppressions(lines, keys, purposeId)) {
      const index = of[place]?.index;
      if (index !== undefined) add(index, blocks);
    }
    return;
  }
  for (const [place, kept = '', spared = '', ofPurpose, at = ''] of unpackedLines(lines)) {
    const { index, match } = of[keys.indexes[Number(place)] ?? Number.NaN] ?? {};
    if (index === undefined || !match || (ofPurpose && ofPurpose !== purposeId)) continue;
    if (meets(kept, spared, [match], hashes[index] ?? '')) {
      add(index, [{ reason: 'objection', at, until: null, liftedAt: null }]);
    }
  }
}

import type { Db } from '#db/connect.ts';
import type { StoredCheckpoint } from '#src/log/make-checkpoint.ts';
import { consistencyProof, inclusionProof } from '#src/log/merkle-tree.ts';
import { treeOf } from '#src/log/tile-store.ts';
import { type DossierLeaves, dossierFormat } from '#src/verifier/dossier-leaves.ts';
import type { LogPlace } from './log-places.ts';

interface OlderHead extends Pick<StoredCheckpoint, 'size' | 'note'> {
  cosignatures?: string[];
}

/** Proves that these entries are in the log under its newest head, and that this head continues the older ones. */
export async function provePlaces(
  db: Db,
  newest: Pick<StoredCheckpoint, 'size' | 'note'>,
  places: LogPlace[],
  older: OlderHead[],
): Promise<DossierLeaves> {
  const tree = treeOf(db);
  const unique = new Map(places.map((place) => [place.index, place]));
  const leaves: DossierLeaves['leaves'] = [];
  for (const { index, body } of [...unique.values()].sort((a, b) => a.index - b.index)) {
    leaves.push({ index, body, inclusion: base64(await inclusionProof(index, newest.size, tree)) });
  }
  const earlier: DossierLeaves['earlier'] = [];
  // Of one size those with cosignatures, which come last.
  const heads = new Map(older.map((head) => [head.size, head]));
  for (const { size, note, cosignatures = [] } of [...heads.values()].sort((a, b) => a.size - b.size)) {
    if (size >= newest.size) continue;
    const consistency = base64(await consistencyProof(size, newest.size, tree));
    earlier.push({ checkpoint: note, cosignatures, consistency });
  }
  return { format: dossierFormat, checkpoint: newest.note, earlier, leaves };
}

function base64(hashes: Uint8Array[]): string[] {
  return hashes.map((hash) => Buffer.from(hash).toString('base64'));
}

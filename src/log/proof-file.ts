/** A proof that an entry is in the log, as one text that can be checked without us (C2SP tlog-proof). */
import type { App } from '#src/app/app.ts';
import { openCheckpoint } from './checkpoint.ts';
import { cosignedNote } from './cosigned-note.ts';
import { newestCheckpoint } from './log-status.ts';
import { inclusionProof, leafHash } from './merkle-tree.ts';
import { sha256 } from './sha256.ts';
import type { NoteVerifier } from './signed-note.ts';
import { treeOf } from './tile-store.ts';
import { isIncluded } from './verify-proof.ts';

const firstLine = 'c2sp.org/tlog-proof@v1';

/**
 * The newest entry about a row, or about the newest event of a permission, under the newest signed head. The entry itself is
 * the extra data. `undefined` when no signed head covers one.
 */
export async function proofOf({ db }: Pick<App, 'db'>, id: string): Promise<string | undefined> {
  const checkpoint = await newestCheckpoint(db);
  if (!checkpoint) return undefined;
  const size = Number(checkpoint.size);
  const entry = await db
    .selectFrom('log_entries')
    .select(['idx', 'body'])
    .where((eb) =>
      eb.or([
        eb('ref', '=', id),
        eb('ref', 'in', eb.selectFrom('events').select('id').where('permission_id', '=', id)),
      ]),
    )
    .where('idx', '<', size)
    .orderBy('idx', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!entry) return undefined;
  const hashes = await inclusionProof(Number(entry.idx), size, treeOf(db));
  return [
    firstLine,
    `extra ${Buffer.from(entry.body).toString('base64')}`,
    `index ${entry.idx}`,
    ...hashes.map((hash) => Buffer.from(hash).toString('base64')),
    '',
    await cosignedNote(db, checkpoint),
  ].join('\n');
}

export type CheckedProof =
  | { outcome: 'genuine'; index: number; size: number; origin: string; entry: string }
  | { outcome: 'not_genuine' }
  | { outcome: 'unknown_key' }
  | { outcome: 'unreadable' };

/** Checks the signature of the head and that the entry is under it. */
export async function checkProof(text: string, verifiers: NoteVerifier[]): Promise<CheckedProof> {
  const found = /^c2sp\.org\/tlog-proof@v1\nextra (\S+)\nindex (0|[1-9]\d{0,14})\n((?:\S+\n)*)\n/.exec(text);
  if (!found) return { outcome: 'unreadable' };
  const [head, extra = '', index = '', hashes = ''] = found;
  const opened = openCheckpoint(text.slice(head.length), verifiers);
  if (opened.outcome === 'not_a_checkpoint') return { outcome: 'unreadable' };
  if (opened.outcome === 'unknown_key') return { outcome: 'unknown_key' };
  if (opened.outcome === 'wrong_signature') return { outcome: 'not_genuine' };
  const { checkpoint } = opened;
  const entry = Buffer.from(extra, 'base64');
  const proof = hashes
    .split('\n')
    .slice(0, -1)
    .map((hash) => Buffer.from(hash, 'base64'));
  const leaf = { index: Number(index), hash: leafHash(entry) };
  if (!(await isIncluded(sha256, leaf, checkpoint, proof))) return { outcome: 'not_genuine' };
  const { size, origin } = checkpoint;
  return { outcome: 'genuine', index: leaf.index, size, origin, entry: entry.toString('utf8') };
}

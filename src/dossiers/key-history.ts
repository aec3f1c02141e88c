import type { Db } from '#db/connect.ts';
import { listLogKeys } from '#src/log/key-entries.ts';
import type { StoredCheckpoint } from '#src/log/make-checkpoint.ts';
import type { LogPlace } from './log-places.ts';

/** What follows the keys of the log from the first one to the one in use. */
export interface KeyHistory {
  /** As they are written down, the one in use first. */
  texts: string[];
  /** The entries that added and retired them. */
  places: LogPlace[];
  /** For each key after the first: the head that the key before it has signed as well. */
  heads: Pick<StoredCheckpoint, 'size' | 'note'>[];
}

export async function readKeyHistory(db: Db): Promise<KeyHistory> {
  const keys = await listLogKeys(db);
  const rows = await db
    .selectFrom('log_entries')
    .select(['idx', 'kind', 'ref', 'at', 'body', 'leaf'])
    .where('kind', 'in', ['key_added', 'key_retired'])
    .orderBy('idx')
    .execute();
  const places = rows.map(({ idx, ...entry }): LogPlace => ({ index: Number(idx), ...entry }));
  const heads: KeyHistory['heads'] = [];
  for (const { index } of places.filter(({ kind }) => kind === 'key_added').slice(1)) {
    const head = await db
      .selectFrom('log_checkpoints')
      .select(['size', 'note'])
      .where('size', '>', index)
      .orderBy('size')
      .limit(1)
      .executeTakeFirst();
    if (head) heads.push({ size: Number(head.size), note: head.note });
  }
  return { texts: keys.map(({ text }) => text), places, heads };
}

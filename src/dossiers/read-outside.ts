import type { Db } from '#db/connect.ts';
import { findStampOf } from '#src/log/find-stamp.ts';
import type { StoryOutside } from './story.ts';

/** Who outside has signed a head with the entry at `index` and all before it: the first head of each. */
export async function readOutside(db: Db, index: number): Promise<StoryOutside[]> {
  const cosigned = await db
    .selectFrom('log_cosignatures')
    .select(['witness', 'at', 'size'])
    .where('size', '>', index)
    .orderBy('size')
    .orderBy('witness')
    .execute();
  const first = Map.groupBy(cosigned, ({ witness }) => witness);
  const stamp = await findStampOf(db, index);
  return [
    ...[...first].flatMap(([name, [head]]): StoryOutside[] =>
      head ? [{ kind: 'witness', name, at: head.at, size: Number(head.size) }] : [],
    ),
    ...(stamp ? [{ kind: 'stamp' as const, name: null, at: stamp.at, size: stamp.size }] : []),
  ];
}

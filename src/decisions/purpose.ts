import type { Db } from '#db/connect.ts';
import { prepared } from '#db/prepared.ts';
import type { Channel } from '#db/schema.ts';

export interface KnownPurpose {
  id: string;
  key: string;
  channels: Channel[];
}

/** `undefined` when nothing is asked for under this key, or not any more. */
export async function findPurpose(db: Db, key: string): Promise<KnownPurpose | undefined> {
  const rows = await byKey(db, { key });
  const [first] = rows;
  if (!first || first.retired_at !== null) return undefined;
  return { id: first.id, key, channels: rows.flatMap(({ channel }) => channel ?? []) };
}

const byKey = prepared((db, of: { key: string }) =>
  db
    .selectFrom('purposes')
    .leftJoin('purpose_channels', 'purpose_channels.purpose_id', 'purposes.id')
    .select(['purposes.id', 'purposes.retired_at', 'purpose_channels.channel'])
    .where('purposes.key', '=', of.key),
);

import type { Db } from '#db/connect.ts';
import { prepared } from '#db/prepared.ts';
import type { Channel } from '#db/schema.ts';

export interface KnownPurpose {
  id: string;
  key: string;
  channels: Channel[];
  /** After how many months without use, by channel, as far as the purpose sets it. */
  nonUse: Partial<Record<Channel, { flagMonths: number | null; denyMonths: number | null }>>;
}

/** `undefined` when nothing is asked for under this key, or not any more. */
export async function findPurpose(db: Db, key: string): Promise<KnownPurpose | undefined> {
  const rows = await byKey(db, { key });
  const [first] = rows;
  if (!first || first.retired_at !== null) return undefined;
  const channels = rows.flatMap(({ channel }) => channel ?? []);
  const nonUse = Object.fromEntries(
    rows.map((row) => [row.channel, { flagMonths: row.flag_months, denyMonths: row.deny_months }]),
  );
  return { id: first.id, key, channels, nonUse };
}

const byKey = prepared((db, of: { key: string }) =>
  db
    .selectFrom('purposes')
    .leftJoin('purpose_channels', 'purpose_channels.purpose_id', 'purposes.id')
    .select(['purposes.id', 'purposes.retired_at', 'purpose_channels.channel'])
    .select(['purpose_channels.flag_months', 'purpose_channels.deny_months'])
    .where('purposes.key', '=', of.key),
);

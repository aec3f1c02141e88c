import type { RawBuilder } from 'kysely';
import type { Db, Tx } from '#db/connect.ts';
import { packedLines, packedTogether, unpackedLines } from '#db/packed-lines.ts';
import { prepared } from '#db/prepared.ts';
import type { Channel } from '#db/schema.ts';

export interface KnownPurpose {
  id: string;
  key: string;
  channels: Channel[];
  /** Whether its controller uses what another system says it had confirmed. */
  acceptsClaimed: boolean;
  /** After how many months without use, by channel, as far as the purpose sets it. */
  nonUse: Partial<Record<Channel, { flagMonths: number | null; denyMonths: number | null }>>;
}

/** `undefined` when nothing is asked for under this key, or not any more. */
export async function findPurpose(db: Db, key: string): Promise<KnownPurpose | undefined> {
  const [row] = await purposeByKey(db, { key });
  return readPurpose(key, row?.purpose);
}

const purposeByKey = prepared((db, of: { key: string }) =>
  packedTogether(db, { purpose: packedPurpose(db, of.key) }),
);

/** As `readPurpose` takes it apart. */
export function packedPurpose(db: Db | Tx, key: string): RawBuilder<string | null> {
  return packedLines(
    db
      .selectFrom('purposes')
      .innerJoin('controllers', 'controllers.id', 'purposes.controller_id')
      .leftJoin('purpose_channels', 'purpose_channels.purpose_id', 'purposes.id')
      .select(['purposes.id', 'purpose_channels.channel', 'controllers.refuses_claimed'])
      .select(['purpose_channels.flag_months', 'purpose_channels.deny_months'])
      .where('purposes.key', '=', key)
      .where('purposes.retired_at', 'is', null),
    ['id', 'channel', 'flag_months', 'deny_months', 'refuses_claimed'],
  );
}

export function readPurpose(key: string, lines: string | null | undefined): KnownPurpose | undefined {
  let purpose: KnownPurpose | undefined;
  for (const [id = '', channel, flagMonths, denyMonths, claimed] of unpackedLines(lines)) {
    purpose ??= { id, key, channels: [], acceptsClaimed: claimed !== '1', nonUse: {} };
    if (!channel) continue;
    purpose.channels.push(channel as Channel);
    purpose.nonUse[channel as Channel] = {
      flagMonths: monthsIn(flagMonths),
      denyMonths: monthsIn(denyMonths),
    };
  }
  return purpose;
}

function monthsIn(field: string | undefined): number | null {
  return field ? Number(field) : null;
}

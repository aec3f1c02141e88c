import type { Tx } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import { lockRows } from '#db/locks.ts';
import type { EventOrigin } from '#db/schema/events.ts';
import { append, type Fact } from '#src/ledger/append.ts';
import { afterMonths, type Lapse, unusedUntil } from '#src/purposes/unused-until.ts';

/** One contact made with a person under a permission. */
export interface Use {
  permissionId: string;
  usedAt: string;
  campaign: string | null;
}

/**
 * Writes `used` events. They restart the five years of § 7a UWG, and count toward a promised frequency.
 *
 * The time of the use counts, not the time of the report: a use within the period keeps the permission alive, even if
 * reports arrive late or out of order. A use after the permission had lapsed is recorded with the lapse time in
 * `valid_until` and does not renew it. Returns how many of those there were.
 */
export async function recordUses(
  tx: Tx,
  at: string,
  uses: Use[],
  by: { origin: EventOrigin; actor: string },
): Promise<number> {
  let usedAfterLapse = 0;
  await lockUsed(tx, uses);
  for (const round of roundsOf(uses)) usedAfterLapse += await recordRound(tx, at, round, by);
  return usedAfterLapse;
}

/** Each permission at most once. Returns how many of them had lapsed. */
async function recordRound(
  tx: Tx,
  at: string,
  round: Use[],
  by: { origin: EventOrigin; actor: string },
): Promise<number> {
  const permissions = await usedPermissions(tx, round);
  const known = round.filter((use) => permissions.has(use.permissionId));
  if (known.length === 0) return 0;
  const ends = await unusedUntil(tx, [...permissions.keys()]);
  const joined = await usesJoined(tx, at, round, ends);
  const lapseOf = ({ permissionId, usedAt }: Use) => {
    const end = ends.get(permissionId);
    return end !== undefined && end.at <= usedAt ? end.at : undefined;
  };
  const facts = known.flatMap((use): Fact[] => {
    const permission = permissions.get(use.permissionId);
    if (!permission) return [];
    const { id: _, basis, ...of } = permission;
    return [
      {
        ...of,
        kind: 'used',
        basis: basis ?? 'consent',
        form_version_id: null,
        signup_id: null,
        ...by,
        evidence_grade: null,
        channel_verified: 0,
        valid_until: lapseOf(use) ?? joined.get(use.permissionId) ?? null,
        occurred_at: use.usedAt,
      },
    ];
  });
  const after = await append(tx, at, facts);
  await tx
    .insertInto('uses')
    .values(
      known.map((use, index) => ({
        event_id: after[index]?.last_event_id ?? '',
        permission_id: use.permissionId,
        used_at: use.usedAt,
        campaign: use.campaign,
      })),
    )
    .execute();
  return known.filter((use) => lapseOf(use) !== undefined).length;
}

async function usedPermissions(tx: Tx, uses: Use[]) {
  const ids = uses.map(({ permissionId }) => permissionId);
  const rows = await tx
    .selectFrom('permissions')
    .select(['id', 'contact_point_id', 'purpose_id', 'channel', 'basis', 'text_version_id'])
    .where(isOneOf(tx, 'id', ids))
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** Called before the last uses are read, so that of two concurrent reports the second sees the first. */
async function lockUsed(tx: Tx, uses: Use[]): Promise<void> {
  const ids = [...new Set(uses.map(({ permissionId }) => permissionId))];
  await lockRows(tx, 'contact_points', (eb) =>
    eb
      .selectFrom('permissions')
      .select('permissions.contact_point_id')
      .where(isOneOf(tx, 'permissions.id', ids)),
  );
}

/**
 * Handles reports out of order: a use that was recorded as too late counts after all when an earlier use is reported
 * that keeps the permission alive. Returns, by permission id, the newest use that is connected in this way.
 */
async function usesJoined(
  tx: Tx,
  at: string,
  round: Use[],
  ends: Map<string, Lapse>,
): Promise<Map<string, string>> {
  const late = round.filter(({ permissionId, usedAt }) => {
    const end = ends.get(permissionId);
    // Rare: a use that is reported at once has no later uses.
    return usedAt < at && end !== undefined && usedAt < end.at;
  });
  if (late.length === 0) return new Map();
  const ids = late.map(({ permissionId }) => permissionId);
  const rows = await tx
    .selectFrom('uses')
    .select(['permission_id', 'used_at'])
    .where(isOneOf(tx, 'permission_id', ids))
    .orderBy('used_at')
    .execute();
  const usesOf = Map.groupBy(rows, ({ permission_id }) => permission_id);
  return new Map(
    late.flatMap(({ permissionId, usedAt }): [string, string][] => {
      const months = ends.get(permissionId)?.months ?? 0;
      let newest = usedAt;
      for (const { used_at } of usesOf.get(permissionId) ?? []) {
        if (used_at > newest && used_at < afterMonths(newest, months)) newest = used_at;
      }
      return newest > usedAt ? [[permissionId, newest]] : [];
    }),
  );
}

/** Each permission at most once per round, so that its newest event is the one just written. */
function roundsOf(uses: Use[]): Use[][] {
  const rounds: Use[][] = [];
  const counts = new Map<string, number>();
  for (const use of uses.toSorted((a, b) => (a.usedAt < b.usedAt ? -1 : 1))) {
    const round = counts.get(use.permissionId) ?? 0;
    counts.set(use.permissionId, round + 1);
    rounds[round] ??= [];
    rounds[round].push(use);
  }
  return rounds;
}

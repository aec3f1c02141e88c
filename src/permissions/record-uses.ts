import type { Tx } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import { lockRows } from '#db/locks.ts';
import type { EventOrigin } from '#db/schema.ts';
import { append, type Fact } from '#src/ledger/append.ts';
import { afterMonths, type Lapse, unusedUntil } from '#src/purposes/unused-until.ts';

/** One contact that was made. */
export interface Use {
  permissionId: string;
  usedAt: string;
  campaign: string | null;
}

/**
 * Writes `used` events. They restart the five years of § 7a UWG, and count toward a promised frequency.
 *
 * A use goes by when it was made, not by when it is told: one that was made in time and told late keeps a permission
 * alive, in whichever order reports come. One that was made when the permission had lain unused for too long is kept as well, for it happened; it
 * names in `valid_until` when the permission had ended, and revives nothing. Returns how many those were.
 */
export async function recordUses(
  tx: Tx,
  at: string,
  uses: Use[],
  by: { origin: EventOrigin; actor: string },
): Promise<number> {
  let afterTheEnd = 0;
  await lockUsed(tx, uses);
  for (const round of roundsOf(uses)) {
    const permissions = await tx
      .selectFrom('permissions')
      .select(['id', 'contact_point_id', 'purpose_id', 'channel', 'basis', 'text_version_id'])
      .where(
        isOneOf(
          tx,
          'id',
          round.map(({ permissionId }) => permissionId),
        ),
      )
      .execute();
    const known = new Map(permissions.map((permission) => [permission.id, permission]));
    const ends = await unusedUntil(tx, [...known.keys()]);
    const joined = await usesJoined(tx, at, round, ends);
    const facts = round.flatMap((use): Fact[] => {
      const permission = known.get(use.permissionId);
      if (!permission) return [];
      const { id, basis, ...of } = permission;
      const end = ends.get(id);
      const tooLate = end !== undefined && end.at <= use.usedAt;
      if (tooLate) afterTheEnd += 1;
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
          valid_until: tooLate ? end.at : (joined.get(use.permissionId) ?? null),
          occurred_at: use.usedAt,
        },
      ];
    });
    const after = await append(tx, at, facts);
    const uses = round.filter((use) => known.has(use.permissionId));
    if (uses.length === 0) continue;
    await tx
      .insertInto('uses')
      .values(
        uses.map((use, index) => ({
          event_id: after[index]?.last_event_id ?? '',
          permission_id: use.permissionId,
          used_at: use.usedAt,
          campaign: use.campaign,
        })),
      )
      .execute();
  }
  return afterTheEnd;
}

/** Before their last uses are read: of two reports at once the second sees what the first one wrote. */
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
 * Reports may overtake each other: a use that seemed to lie after the end counts once one before it is told that kept
 * the permission alive. Answers with the newest that each of these uses joins in this way, if there is one.
 */
async function usesJoined(
  tx: Tx,
  at: string,
  round: Use[],
  ends: Map<string, Lapse>,
): Promise<Map<string, string>> {
  const late = round.filter(({ permissionId, usedAt }) => {
    const end = ends.get(permissionId);
    // Hardly any is: what happens now has nothing after it.
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
  const told = Map.groupBy(rows, ({ permission_id }) => permission_id);
  return new Map(
    late.flatMap(({ permissionId, usedAt }): [string, string][] => {
      const months = ends.get(permissionId)?.months ?? 0;
      let newest = usedAt;
      for (const { used_at } of told.get(permissionId) ?? []) {
        if (used_at > newest && used_at < afterMonths(newest, months)) newest = used_at;
      }
      return newest > usedAt ? [[permissionId, newest]] : [];
    }),
  );
}

/** No permission twice in a round, so that the newest event of each is the one that was just written. */
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

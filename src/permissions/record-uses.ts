import { isOneOf, type Tx } from '#db/connect.ts';
import type { EventOrigin } from '#db/schema.ts';
import { append, type Fact } from '#src/ledger/append.ts';
import { unusedUntil } from '#src/purposes/unused-until.ts';

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
 * alive. One that was made when the permission had lain unused for too long is kept as well, for it happened; it
 * names in `valid_until` when the permission had ended, and revives nothing. Returns how many those were.
 */
export async function recordUses(
  tx: Tx,
  at: string,
  uses: Use[],
  by: { origin: EventOrigin; actor: string },
): Promise<number> {
  let afterTheEnd = 0;
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
    const facts = round.flatMap((use): Fact[] => {
      const permission = known.get(use.permissionId);
      if (!permission) return [];
      const { id, basis, ...of } = permission;
      const end = ends.get(id);
      const tooLate = end !== undefined && end <= use.usedAt;
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
          valid_until: tooLate ? end : null,
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

import type { Db } from '#db/connect.ts';
import type { TextChange } from '#db/schema/consent-texts.ts';
import { countPermissionsByVersion, noPermissions, type PermissionCounts } from './permission-counts.ts';
import { type TextVersion, versionNumber, versionsOfText } from './text-version.ts';

/** What publishing a version affects, in numbers. Existing permissions always keep their version. */
export interface Effect {
  change: TextChange;
  /** Permissions by text version. */
  under: { id: string; number: string; invalid: boolean; permissions: PermissionCounts }[];
  total: PermissionCounts;
  /** Permissions given to the new version. */
  underNew: number;
}

export async function effectOf(db: Db, version: TextVersion, change: TextChange): Promise<Effect> {
  const all = await versionsOfText(db, version.text_id);
  const counts = await countPermissionsByVersion(
    db,
    all.map(({ id }) => id),
  );
  const under = all
    .filter((one) => one.approved_at && one.id !== version.id)
    .map((one) => ({
      id: one.id,
      number: versionNumber(one) ?? '',
      invalid: one.invalidated_at !== null,
      permissions: counts.get(one.id) ?? noPermissions,
    }));
  return {
    change,
    under,
    total: under.reduce((sum, { permissions }) => sumOf(sum, permissions), noPermissions),
    underNew: counts.get(version.id)?.granted ?? 0,
  };
}

export function sumOf(a: PermissionCounts, b: PermissionCounts): PermissionCounts {
  return { granted: a.granted + b.granted, pending: a.pending + b.pending, ended: a.ended + b.ended };
}

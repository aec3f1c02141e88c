import { sql } from 'kysely';
import { type Db, databaseKind } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { App } from '#src/app/app.ts';

/** Permissions given to a text version. */
export interface PermissionCounts {
  granted: number;
  /** Requested, not confirmed yet. */
  pending: number;
  /** Withdrawn, refused or expired. */
  ended: number;
}

export const noPermissions: PermissionCounts = { granted: 0, pending: 0, ended: 0 };

/** By version id. Reads counters instead of the permissions, because there can be millions. */
export async function countPermissionsByVersion(
  db: Db,
  versionIds: string[],
): Promise<Map<string, PermissionCounts>> {
  const counts = new Map<string, PermissionCounts>();
  const add = (id: string, state: keyof PermissionCounts, count: number) => {
    const before = counts.get(id) ?? noPermissions;
    counts.set(id, { ...before, [state]: before[state] + count });
  };
  for (const row of await settled(db, versionIds)) {
    add(row.text_version_id, row.state === 'granted' ? 'granted' : 'ended', Number(row.count));
  }
  for (const row of await pending(db, versionIds)) add(row.text_version_id, 'pending', Number(row.count));
  return counts;
}

async function settled(db: Db, ids: string[]) {
  const added = db
    .selectFrom('permission_counts')
    .select(['text_version_id', 'state', 'count'])
    .where(isOneOf(db, 'text_version_id', ids));
  const waiting = db
    .selectFrom('permission_count_changes')
    .select(['text_version_id', 'state'])
    .select((eb) => eb.fn.sum<number>('change').as('count'))
    .where(isOneOf(db, 'text_version_id', ids))
    .groupBy(['text_version_id', 'state']);
  return [...(await added.execute()), ...(await waiting.execute())];
}

async function pending(db: Db, ids: string[]) {
  return db
    .selectFrom('signups')
    .innerJoin('signup_items', 'signup_items.signup_id', 'signups.id')
    .select('signup_items.text_version_id')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('signups.state', '=', 'open')
    .where(isOneOf(db, 'signup_items.text_version_id', ids))
    .groupBy('signup_items.text_version_id')
    .execute();
}

/** By text id, for all its versions. */
export async function countPermissionsByText(db: Db): Promise<Map<string, PermissionCounts>> {
  const { rows } = await sql<{ text_id: string; state: string; count: number }>`
    SELECT version.text_id, counted.state, sum(counted.count) AS count FROM (
      SELECT text_version_id, state, count FROM permission_counts
      UNION ALL SELECT text_version_id, state, change FROM permission_count_changes
      UNION ALL SELECT signup_items.text_version_id, 'pending', 1 FROM signups
        INNER JOIN signup_items ON signup_items.signup_id = signups.id WHERE signups.state = 'open'
    ) AS counted
    INNER JOIN consent_text_versions AS version ON version.id = counted.text_version_id
    GROUP BY version.text_id, counted.state`.execute(db);
  const byText = new Map<string, PermissionCounts>();
  for (const { text_id, state, count } of rows) {
    const before = byText.get(text_id) ?? noPermissions;
    const kind = state === 'granted' || state === 'pending' ? state : 'ended';
    byText.set(text_id, { ...before, [kind]: before[kind] + Number(count) });
  }
  return byText;
}

/** Job: adds recent changes to the counters, so that reading them stays fast. */
export async function settlePermissionCounts({ db }: Pick<App, 'db'>): Promise<{ settled: number }> {
  return db.transaction().execute(async (tx) => {
    if (databaseKind(tx) === 'sqlite') {
      await sql`INSERT INTO permission_counts (text_version_id, state, count)
        SELECT text_version_id, state, sum(change) FROM permission_count_changes
        WHERE true GROUP BY text_version_id, state
        ON CONFLICT (text_version_id, state) DO UPDATE SET count = count + excluded.count`.execute(tx);
      const { numAffectedRows } = await sql`DELETE FROM permission_count_changes`.execute(tx);
      return { settled: Number(numAffectedRows ?? 0) };
    }
    // One statement, so that rows committed meanwhile are neither counted nor deleted.
    const { rows } = await sql<{ settled: number }>`WITH gone AS (
        DELETE FROM permission_count_changes RETURNING text_version_id, state, change
      ), added AS (
        INSERT INTO permission_counts (text_version_id, state, count)
        SELECT text_version_id, state, sum(change) FROM gone GROUP BY text_version_id, state
        ON CONFLICT (text_version_id, state)
        DO UPDATE SET count = permission_counts.count + excluded.count
      ) SELECT count(*) AS settled FROM gone`.execute(tx);
    return { settled: Number(rows[0]?.settled ?? 0) };
  });
}

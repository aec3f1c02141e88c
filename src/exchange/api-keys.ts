import { createHash, randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Db, Tx } from '#db/connect.ts';
import { isMissingTable } from '#db/errors.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import type { ApiKeyTable } from '#db/schema/api-keys.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';

export const scopes = ['decide', 'read', 'write', 'signup', 'export', 'evidence', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** These scopes allow what needs two people at the desks, so such a key needs two people as well. */
const powerfulScopes: Scope[] = ['admin'];

export function isPowerful(wanted: readonly string[]): boolean {
  return powerfulScopes.some((scope) => wanted.includes(scope));
}

export interface ApiKey {
  id: string;
  name: string;
  scopes: Set<string>;
  /** The member of staff who made it; null for one that was made on the machine itself. */
  madeBy: string | null;
  /** True when a second person has approved it, or it was made on the machine itself. */
  mayActAlone: boolean;
}

/** The key of the demo. It never works in production, even with a database that was a demo before. */
export const demoKey = 'jw_demo_key';

/**
 * Makes a key and returns it; it can't be shown again. A key with a powerful scope that a member of staff makes works
 * once another one has approved it.
 */
export async function addApiKey(
  tx: Tx,
  at: string,
  wanted: { id?: string; name: string; scopes: Scope[]; key?: string; madeBy?: string },
): Promise<string> {
  const key = wanted.key ?? `jw_${randomBytes(32).toString('base64url')}`;
  await tx
    .insertInto('api_keys')
    .values({
      id: wanted.id ?? newId(),
      name: wanted.name,
      key_hash: hashOf(key),
      last_four: key.slice(-4),
      scopes: scopes.filter((scope) => wanted.scopes.includes(scope)).join(' '),
      created_at: at,
      revoked_at: null,
      made_by: wanted.madeBy ?? null,
      works_since: wanted.madeBy !== undefined && isPowerful(wanted.scopes) ? null : at,
    })
    .execute();
  return key;
}

export async function seedDemoKey(tx: Tx, at: string): Promise<void> {
  await addApiKey(tx, at, { name: 'Demo', scopes: [...scopes], key: demoKey });
}

/** True when the database holds the demo's key and it was not revoked. False when the table does not exist yet. */
export async function holdsDemoKey(db: Db): Promise<boolean> {
  const rows = await db
    .selectFrom('api_keys')
    .select('id')
    .where('key_hash', '=', hashOf(demoKey))
    .where('revoked_at', 'is', null)
    .execute()
    .catch((error) => (isMissingTable(error) ? [] : Promise.reject(error)));
  return rows.length > 0;
}

/** `undefined` for a key that is unknown, not yet approved, revoked or the demo's in production. Records its use. */
export async function findApiKey(app: App, key: string): Promise<ApiKey | undefined> {
  if (app.config.production && key === demoKey) return undefined;
  const [row] = await byHash(app.db, hashOf(key));
  if (!row || row.revoked_at !== null || row.works_since === null) return undefined;
  await noteUse(app, row);
  const { id, name, made_by: madeBy } = row;
  const mayActAlone = madeBy === null || row.approved_by !== null;
  return { id, name, scopes: new Set(row.scopes.split(' ')), madeBy, mayActAlone };
}

export type ListedApiKey = Omit<Selectable<ApiKeyTable>, 'key_hash'> & {
  maker: string | null;
  approver: string | null;
};

export async function listApiKeys(db: Db): Promise<ListedApiKey[]> {
  return db
    .selectFrom('api_keys')
    .leftJoin('staff as maker', 'maker.id', 'api_keys.made_by')
    .leftJoin('staff as approver', 'approver.id', 'api_keys.approved_by')
    .select(['api_keys.id', 'api_keys.name', 'api_keys.last_four', 'api_keys.scopes', 'api_keys.created_at'])
    .select(['api_keys.revoked_at', 'api_keys.last_used_at', 'api_keys.made_by', 'api_keys.approved_by'])
    .select(['api_keys.works_since', 'maker.name as maker', 'approver.name as approver'])
    .orderBy('api_keys.created_at')
    .orderBy('api_keys.id')
    .execute();
}

/** True until a second person approves it. Keys from before this rule work meanwhile. */
export function needsApproval(
  key: Pick<ListedApiKey, 'scopes' | 'made_by' | 'approved_by' | 'revoked_at'>,
): boolean {
  const { scopes: own, made_by, approved_by, revoked_at } = key;
  return isPowerful(own.split(' ')) && made_by !== null && approved_by === null && revoked_at === null;
}

/** False when there is no such key, or it was revoked already. */
export async function revokeApiKey(tx: Tx, id: string, at: string): Promise<boolean> {
  const [revoked] = await tx
    .updateTable('api_keys')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute();
  return revoked !== undefined;
}

const byHash = preparedByKey((db, isAsked) =>
  db.selectFrom('api_keys').selectAll().select('key_hash as asked').where(isAsked('key_hash')),
);

/** At most once in five minutes, so a decision does not cost a write. */
async function noteUse({ db, now }: App, { id, last_used_at }: Selectable<ApiKeyTable>): Promise<void> {
  const at = now();
  const stale = new Date(at.getTime() - 5 * 60_000).toISOString();
  if (last_used_at !== null && last_used_at > stale) return;
  await db
    .updateTable('api_keys')
    .set({ last_used_at: at.toISOString() })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<=', stale)]))
    .execute();
}

// A key has 256 random bits, so a fast hash protects it as well as a slow one.
function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

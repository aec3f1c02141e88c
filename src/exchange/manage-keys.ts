import { isUniqueViolation } from '#db/connect.ts';
import type { App } from '#src/app.ts';
import { newId } from '#src/ids.ts';
import { type Actor, requireRole } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { addApiKey, revokeApiKey, type Scope } from './api-keys.ts';

/** `made_before`: the same form was sent again, and a key is shown only once. */
export type MakeKeyResult = { outcome: 'made'; id: string; key: string } | { outcome: 'made_before' };

/** Makes a key for a program, in the audit trail. `by` is null on the command line. */
export async function makeKey(
  app: App,
  by: Actor | null,
  { id = newId(), name, scopes }: { id?: string; name: string; scopes: Scope[] },
): Promise<MakeKeyResult> {
  if (by) requireRole(by, 'keys.write');
  const at = app.now().toISOString();
  try {
    const key = await app.db.transaction().execute(async (tx) => {
      await recordAudit(tx, at, by, 'key.made', `key:${id}`, { name, scopes });
      return addApiKey(tx, at, { id, name, scopes });
    });
    return { outcome: 'made', id, key };
  } catch (error) {
    if (isUniqueViolation(error)) return { outcome: 'made_before' };
    throw error;
  }
}

/** From the next request on nobody can use it. False when there is no such key, or it was revoked before. */
export async function revokeKey(app: App, by: Actor, id: string): Promise<boolean> {
  requireRole(by, 'keys.write');
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx) => {
    const revoked = await revokeApiKey(tx, id, at);
    if (revoked) await recordAudit(tx, at, by, 'key.revoked', `key:${id}`);
    return revoked;
  });
}

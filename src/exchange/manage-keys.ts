import { isUniqueViolation } from '#db/errors.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { notifyApprovers } from '#src/staff/notify-approvers.ts';
import { addApiKey, isPowerful, needsApproval, revokeApiKey, type Scope } from './api-keys.ts';

/** `made_before`: the same form was sent again; the key was shown already. */
export type MakeKeyResult =
  /** `waits`: it works once a second person has approved it. */
  { outcome: 'made'; id: string; key: string; waits: boolean } | { outcome: 'made_before' };

/** Makes a key for a program, with an entry in the audit trail. `by` is null on the command line, which may do anything. */
export async function makeKey(
  app: App,
  by: Actor | null,
  { id = newId(), name, scopes }: { id?: string; name: string; scopes: Scope[] },
): Promise<MakeKeyResult> {
  if (by) requireAbility(by, 'keys.write');
  const at = app.now().toISOString();
  const waits = by !== null && isPowerful(scopes);
  try {
    const key = await app.db.transaction().execute(async (tx) => {
      const origin = by ? {} : { origin: 'command line' };
      await recordAudit(tx, at, by, 'key.made', `key:${id}`, { name, scopes, ...origin });
      if (by && waits) await notifyApprovers(tx, app, by, { id, name });
      return addApiKey(tx, at, { id, name, scopes, madeBy: by?.id });
    });
    if (waits) app.mailsQueued();
    return { outcome: 'made', id, key, waits };
  } catch (error) {
    if (isUniqueViolation(error)) return { outcome: 'made_before' };
    throw error;
  }
}

/** `own`: the maker of a key can't approve it. */
export type ApproveKeyResult = 'approved' | 'own' | 'nothing_to_approve';

/** A second person approves a powerful key. From now on it works, and may do alone what otherwise needs two people. */
export async function approveKey(app: App, by: Actor, id: string): Promise<ApproveKeyResult> {
  requireAbility(by, 'keys.approve');
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx) => {
    const key = await tx
      .selectFrom('api_keys')
      .select(['scopes', 'made_by', 'approved_by', 'revoked_at'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (!key || !needsApproval(key)) return 'nothing_to_approve';
    if (key.made_by === by.id) return 'own';
    const approved = await tx
      .updateTable('api_keys')
      .set((eb) => ({ approved_by: by.id, works_since: eb.fn.coalesce('works_since', eb.val(at)) }))
      .where('id', '=', id)
      .where('approved_by', 'is', null)
      .where('revoked_at', 'is', null)
      .returning('id')
      .execute();
    if (approved.length === 0) return 'nothing_to_approve';
    await recordAudit(tx, at, by, 'key.approved', `key:${id}`);
    return 'approved';
  });
}

/** The key stops working with the next request. False when there is no such key, or it was revoked already. */
export async function revokeKey(app: App, by: Actor, id: string): Promise<boolean> {
  requireAbility(by, 'keys.write');
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx) => {
    const revoked = await revokeApiKey(tx, id, at);
    if (revoked) await recordAudit(tx, at, by, 'key.revoked', `key:${id}`);
    return revoked;
  });
}

import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { manageLink } from '#src/links/signed-link.ts';
import { isUnlisted, ownerOf } from '#src/people/owner-of.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { openManageLink } from './open-link.ts';

export type RevokeOwnLinksResult =
  | { outcome: 'unknown_link' | 'revoked' | 'not_fresh' }
  /** The page goes on under this link, which is fresh for as long as the one before was. */
  | { outcome: 'done'; link: string };

/**
 * Ends every manage link of the person, whoever holds it: old mails, forwarded ones, and what programs were given.
 * Unsubscribe links keep working, for all they can do is say no. Only a fresh link may: a program has none.
 */
export async function revokeOwnLinks(app: App, link: string): Promise<RevokeOwnLinksResult> {
  return app.db.transaction().execute(async (tx): Promise<RevokeOwnLinksResult> => {
    const opened = await openManageLink(app, tx, link);
    if (opened.outcome !== 'found') return opened;
    const { contactPoint, person, mailedAt } = opened;
    if (!opened.fresh || mailedAt === null) return { outcome: 'not_fresh' };
    await revokeLinks(tx, person.id);
    const after = await tx
      .selectFrom('contact_points')
      .select('link_generation')
      .where('id', '=', contactPoint.id)
      .executeTakeFirstOrThrow();
    // Somebody else ended them at the same moment: this link went with the others.
    if (after.link_generation !== contactPoint.link_generation + 1) return { outcome: 'revoked' };
    const next = manageLink(app.keys, contactPoint.id, after.link_generation, new Date(mailedAt));
    return { outcome: 'done', link: next };
  });
}

/** The same at the desk, for whoever calls because a mail of theirs got into wrong hands. */
export async function revokeLinksAtDesk(
  app: App,
  actor: Actor,
  contactPointId: string,
): Promise<'done' | 'unknown'> {
  requireAbility(actor, 'permissions.capture');
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx) => {
    const owner = await ownerOf(tx, app.keys, contactPointId);
    if (!owner || isUnlisted(owner)) return 'unknown';
    await revokeLinks(tx, owner.person.id);
    await recordAudit(tx, at, actor, 'permissions.links_revoked', `contact-point:${contactPointId}`);
    return 'done';
  });
}

async function revokeLinks(tx: Tx, personId: string): Promise<void> {
  await tx
    .updateTable('contact_points')
    .set((eb) => ({ link_generation: eb('link_generation', '+', 1) }))
    .where('person_id', '=', personId)
    .execute();
}

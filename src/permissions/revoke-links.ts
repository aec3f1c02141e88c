import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { manageLink } from '#src/links/signed-link.ts';
import { findOwner, isUnlisted } from '#src/people/find-owner.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { openManageLink } from './open-link.ts';

export type RevokeOwnLinksResult =
  | { outcome: 'unknown_link' | 'revoked' | 'not_fresh' }
  /** The page continues with this link, which is as old as the one it replaces. */
  | { outcome: 'done'; link: string };

/**
 * Revokes all manage links of the person: in old mails, in forwarded mails, and those given to programs. Unsubscribe
 * links keep working, because they can only withdraw. Needs a fresh link, which programs never have.
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
    // A concurrent call revoked the links, including this one.
    if (after.link_generation !== contactPoint.link_generation + 1) return { outcome: 'revoked' };
    const next = manageLink(app.keys, contactPoint.id, after.link_generation, new Date(mailedAt));
    return { outcome: 'done', link: next };
  });
}

/** The same at the desk, for a person whose mail got into the wrong hands. */
export async function revokeLinksAtDesk(
  app: App,
  actor: Actor,
  contactPointId: string,
): Promise<'done' | 'unknown'> {
  requireAbility(actor, 'permissions.capture');
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx) => {
    const owner = await findOwner(tx, app.keys, contactPointId);
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

import type { App } from '#src/app/app.ts';
import { signNow } from '#src/log/start-log.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { type DossierResult, makeDossier } from './make-dossier.ts';
import { readStory } from './read-story.ts';
import type { Story } from './story.ts';

/** What is asked for. */
export interface ProofWish {
  permissionId: string;
  /** One of the same permission's: the page that it is opened from. */
  contactPointId: string;
  /** As of when, ISO. */
  at: string;
  /** Why. It names no person. */
  reason: string;
}

export type OpenedProof =
  | { outcome: 'opened'; story: Story; person: PersonWithKey }
  /** There is none, or there was none at that moment. */
  | { outcome: 'unknown' };

/** The story of a permission, for legal, auditors and admins. Who opened it and why is in the audit before they see it. */
export async function openProof(
  app: App,
  actor: Actor,
  wish: ProofWish,
  as: 'opened' | 'pdf',
): Promise<OpenedProof> {
  requireAbility(actor, 'proofs.read');
  const { permissionId, contactPointId, at, reason } = wish;
  // So that everything that it tells is under a signed head. Without a key the proof says so.
  if (app.config.logKey) await signNow(app, app.config.logKey);
  const read = await readStory(app, { permissionId }, at);
  if (read.outcome !== 'read') return { outcome: 'unknown' };
  const [permission] = read.story.permissions;
  if (permission?.contactPointId !== contactPointId) return { outcome: 'unknown' };
  const now = app.now().toISOString();
  await app.db
    .transaction()
    .execute((tx) =>
      recordAudit(tx, now, actor, `proof.${as}`, `permission:${permission.id}`, { reason, as_of: at }),
    );
  return { outcome: 'opened', story: read.story, person: read.person };
}

/** The same as a zip that proves itself. The audit has the reason as well. */
export async function openDossier(app: App, actor: Actor, wish: ProofWish): Promise<DossierResult> {
  requireAbility(actor, 'proofs.read');
  const { permissionId, at, reason } = wish;
  return makeDossier(app, { permissionId }, at, { actor, note: { reason } });
}

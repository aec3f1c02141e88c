import type { App } from '#src/app/app.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { readStory } from './read-story.ts';
import type { Story } from './story.ts';

/** What is asked for, and what the audit says was opened. */
export interface ProofWish {
  permissionId: string;
  /** One of the same permission's: the page that it is opened from. */
  contactPointId: string;
  /** As of when, ISO. */
  at: string;
  /** Why. It names no person. */
  reason: string;
  as: 'opened' | 'pdf' | 'dossier';
}

export type OpenedProof =
  | { outcome: 'opened'; story: Story; person: PersonWithKey }
  /** There is none, or there was none at that moment. */
  | { outcome: 'unknown' };

/** The story of a permission, for legal, auditors and admins. Who opened it and why is in the audit before they see it. */
export async function openProof(app: App, actor: Actor, wish: ProofWish): Promise<OpenedProof> {
  requireAbility(actor, 'proofs.read');
  const { permissionId, contactPointId, at, reason, as } = wish;
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

import type { Channel } from '#db/schema.ts';
import type { App } from '#src/app.ts';
import { findByAddress, readAddress } from '#src/people/find-by-address.ts';
import { type Actor, requireRole } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';

export type LookUpResult =
  | { outcome: 'invalid' | 'unknown' }
  /** One contact point of each person who is known there: a number or a letter box may be shared. */
  | { outcome: 'found'; contactPointIds: string[] };

/** Who is known at exactly this address. Who asked is kept, what they typed is not. */
export async function lookUpAddress(
  app: App,
  actor: Actor,
  typed: string,
  channel: Channel,
): Promise<LookUpResult> {
  requireRole(actor, 'permissions.read');
  const addresses = readAddress(app.keys, typed, channel);
  if (addresses.length === 0) return { outcome: 'invalid' };
  return app.db.transaction().execute(async (tx): Promise<LookUpResult> => {
    const owners = await findByAddress(tx, app.keys, addresses);
    const ids = owners.flatMap(({ points: [point] }) => (point ? [point.id] : []));
    const subject = ids[0] ? `contact-point:${ids[0]}` : 'contact-point:unknown';
    const at = app.now().toISOString();
    await recordAudit(tx, at, actor, 'permissions.looked_up', subject, { channel, found: ids.length });
    return ids.length > 0 ? { outcome: 'found', contactPointIds: ids } : { outcome: 'unknown' };
  });
}

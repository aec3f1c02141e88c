import type { Channel } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { type Block, findBlocks } from '#src/people/find-blocks.ts';
import { readAddress } from '#src/people/find-by-address.ts';
import { whoIsMeant } from '#src/people/refusals.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';

export type LookUpResult =
  | { outcome: 'invalid' }
  /** With the blocks that stand all the same, and who may be meant: a contact point of each, for a person to choose. */
  | { outcome: 'unknown'; blocks: Block[]; candidateIds: string[] }
  /** One contact point of each person who is known there: a number or a letter box may be shared. */
  | { outcome: 'found'; contactPointIds: string[] };

/**
 * Who is known at this address, in this or another spelling beyond doubt. Who asked is kept, what they typed is not.
 */
export async function lookUpAddress(
  app: App,
  actor: Actor,
  typed: string,
  channel: Channel,
): Promise<LookUpResult> {
  requireAbility(actor, 'permissions.read');
  const addresses = readAddress(app.keys, typed, channel);
  if (addresses.length === 0) return { outcome: 'invalid' };
  return app.db.transaction().execute(async (tx): Promise<LookUpResult> => {
    const meant = await whoIsMeant(tx, app.keys, typed, addresses);
    const idsOf = (people: typeof meant) =>
      people.flatMap(({ points: [point] }) => (point ? [point.id] : []));
    const ids = idsOf(meant.filter(({ likeness }) => likeness === 'same'));
    const subject = ids[0] ? `contact-point:${ids[0]}` : 'contact-point:unknown';
    const at = app.now().toISOString();
    await recordAudit(tx, at, actor, 'permissions.looked_up', subject, { channel, found: ids.length });
    if (ids.length > 0) return { outcome: 'found', contactPointIds: ids };
    const asked = addresses.map((address) => ({ ...address, typed }));
    return {
      outcome: 'unknown',
      blocks: await findBlocks(tx, app.keys, asked, at),
      candidateIds: idsOf(meant),
    };
  });
}

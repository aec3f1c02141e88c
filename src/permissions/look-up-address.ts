import type { Channel } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { type Block, findBlocks } from '#src/people/find-blocks.ts';
import { parseAddress } from '#src/people/find-by-address.ts';
import { findMatchingPeople } from '#src/people/refusals.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';

export type LookUpResult =
  | { outcome: 'invalid' }
  /** The blocks on the address, and one contact point of each person it may belong to, for staff to choose. */
  | { outcome: 'unknown'; blocks: Block[]; candidateIds: string[] }
  /** One contact point per person: a number or a letter box can be shared. */
  | { outcome: 'found'; contactPointIds: string[] };

/** Finds the people at this address, in any certain spelling. The audit trail names who searched, not for what. */
export async function lookUpAddress(
  app: App,
  actor: Actor,
  typed: string,
  channel: Channel,
): Promise<LookUpResult> {
  requireAbility(actor, 'permissions.read');
  const addresses = parseAddress(app.keys, typed, channel);
  if (addresses.length === 0) return { outcome: 'invalid' };
  return app.db.transaction().execute(async (tx): Promise<LookUpResult> => {
    const matches = await findMatchingPeople(tx, app.keys, typed, addresses);
    const idsOf = (people: typeof matches) =>
      people.flatMap(({ points: [point] }) => (point ? [point.id] : []));
    const ids = idsOf(matches.filter(({ level }) => level === 'same'));
    const subject = ids[0] ? `contact-point:${ids[0]}` : 'contact-point:unknown';
    const at = app.now().toISOString();
    await recordAudit(tx, at, actor, 'permissions.looked_up', subject, { channel, found: ids.length });
    if (ids.length > 0) return { outcome: 'found', contactPointIds: ids };
    const typedAddresses = addresses.map((address) => ({ ...address, typed }));
    return {
      outcome: 'unknown',
      blocks: await findBlocks(tx, app.keys, typedAddresses, at),
      candidateIds: idsOf(matches),
    };
  });
}

import type { Channel } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { type Block, findBlocks } from '#src/people/find-blocks.ts';
import { parseAddress } from '#src/people/find-by-address.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';

/** The blocks on an address, shown before a consent is captured for it. Empty for an invalid address. */
export async function blocksAtDesk(
  app: App,
  actor: Actor,
  typed: string,
  channel: Channel,
): Promise<Block[]> {
  requireAbility(actor, 'permissions.read');
  const addresses = parseAddress(app.keys, typed, channel).map((address) => ({ ...address, typed }));
  return addresses.length === 0 ? [] : findBlocks(app.db, app.keys, addresses, app.now().toISOString());
}

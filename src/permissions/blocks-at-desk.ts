import type { Channel } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { type Block, findBlocks } from '#src/people/find-blocks.ts';
import { readAddress } from '#src/people/find-by-address.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';

/** The blocks that stand on an address, before a yes is captured for it. Nothing for what is no address. */
export async function blocksAtDesk(
  app: App,
  actor: Actor,
  typed: string,
  channel: Channel,
): Promise<Block[]> {
  requireAbility(actor, 'permissions.read');
  const asked = readAddress(app.keys, typed, channel).map((address) => ({ ...address, typed }));
  return asked.length === 0 ? [] : findBlocks(app.db, app.keys, asked, app.now().toISOString());
}

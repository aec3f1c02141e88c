import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { StoryActor } from './story-events.ts';

/** Says who is behind the actors of events, with the names that they have now. */
export async function readActors(db: Db, ids: string[]): Promise<(actor: string) => StoryActor> {
  const asked = [...new Set(ids)];
  const [staff, keys] = await Promise.all([
    db
      .selectFrom('staff')
      .select(['id', 'name'])
      .where(isOneOf(db, 'id', asked))
      .execute(),
    db
      .selectFrom('api_keys')
      .select(['id', 'name'])
      .where(isOneOf(db, 'id', asked))
      .execute(),
  ]);
  const known = new Map<string, StoryActor>([
    ...staff.map((one): [string, StoryActor] => [one.id, { kind: 'staff', ...one }]),
    ...keys.map((one): [string, StoryActor] => [one.id, { kind: 'key', ...one }]),
  ]);
  return (actor) => {
    if (actor === 'person' || actor === 'system') return { kind: actor, id: null, name: null };
    return known.get(actor) ?? { kind: 'command_line', id: null, name: null };
  };
}

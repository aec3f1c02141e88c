import { z } from 'zod';
import { readFeed } from '#src/exchange/change-feed.ts';
import { publicId } from '#src/ids/public-id.ts';
import { newestPosition } from '#src/ledger/give-positions.ts';
import { cursorAt, positionOf } from './cursor.ts';
import { answeredTime, basis, channel, operation, pageOf, pageQuery } from './operation.ts';
import { ApiProblem } from './problem.ts';

const entry = z
  .object({
    id: z.string(),
    position: z.number().int(),
    event: z.enum([
      'requested',
      'confirmed',
      'refused',
      'cancelled',
      'granted',
      'withdrawn',
      'objected',
      'renewed',
      'expired',
      'superseded',
      'imported',
      'corrected',
      'used',
    ]),
    occurred_at: answeredTime,
    permission_id: z.string(),
    contact_point_id: z.string(),
    purpose: z.string(),
    channel,
    basis: basis,
    text_version: z.string().nullable(),
    origin: z.string(),
  })
  .meta({ id: 'Event' });

export const eventsOperation = operation({
  id: 'listEvents',
  method: 'GET',
  path: '/events',
  scope: 'read',
  summary:
    'The change feed in the order of the ledger. Keep next_cursor and send it with the next request: no event is missed.',
  query: pageQuery,
  answers: {
    200: {
      description: 'Events, oldest first',
      schema: pageOf(entry),
    },
  },
  handle: async ({ app, query }) => {
    const after = positionOf(app.keys, query.cursor);
    const rows = await readFeed(app.db, after, query.limit + 1);
    if (rows.length === 0 && after > (await newestPosition(app.db))) throw cursorBeyondEnd();
    const page = rows.slice(0, query.limit);
    const last = page.at(-1)?.position ?? after;
    return {
      status: 200,
      body: {
        data: page.map(({ id, kind, permission_id, contact_point_id, ...row }) => ({
          id: publicId('event', id),
          position: row.position,
          event: kind,
          occurred_at: row.occurred_at,
          permission_id: publicId('permission', permission_id),
          contact_point_id: publicId('contactPoint', contact_point_id),
          purpose: row.purpose,
          channel: row.channel,
          basis: row.basis,
          text_version: row.text_version,
          origin: row.origin,
        })),
        next_cursor: last > 0 ? cursorAt(app.keys, last) : null,
        has_more: rows.length > query.limit,
      },
    };
  },
});

/** After a backup was restored, a reader may be ahead of the ledger. */
function cursorBeyondEnd(): ApiProblem {
  return new ApiProblem(
    410,
    'The feed ends before this cursor: a backup was restored. Read it from the start.',
  );
}

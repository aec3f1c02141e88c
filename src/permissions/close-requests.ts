import type { Reader } from '#db/connect.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import type { PermissionTable } from '#db/schema/permissions.ts';
import { declareWrite, type WriteTarget } from '#db/writes.ts';

/** A link that is still in some mailbox must not bring back what was just refused. */
export async function closeRequests(
  to: WriteTarget,
  at: string,
  refused: PermissionTable[],
  requests: OpenRequest[],
): Promise<void> {
  const ids = new Set(refused.map(({ id }) => id));
  const concerned = requests.filter(({ permission_id }) => ids.has(permission_id));
  for (const { signup_id, permission_id } of concerned) await removeItem(to, { signup_id, permission_id });
  for (const id of new Set(concerned.map(({ signup_id }) => signup_id))) await cancelIfEmpty(to, { id, at });
}

export const removeItem = declareWrite((db, of: OpenRequest) =>
  db
    .deleteFrom('signup_items')
    .where('signup_id', '=', of.signup_id)
    .where('permission_id', '=', of.permission_id),
);

export const cancelIfEmpty = declareWrite((db, of: { id: string; at: string }) =>
  db
    .updateTable('signups')
    .set({ state: 'cancelled', answered_at: of.at })
    .where('id', '=', of.id)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('signup_items')
            .select('signup_items.signup_id')
            .whereRef('signup_items.signup_id', '=', 'signups.id'),
        ),
      ),
    ),
);

/** An item of a signup that waits to be confirmed. */
export interface OpenRequest {
  signup_id: string;
  permission_id: string;
}

/** What is open about these contact points. */
export async function openRequests(reader: Reader, points: string[]): Promise<OpenRequest[]> {
  const requests: OpenRequest[] = [];
  for (const point of new Set(points)) requests.push(...(await requestsAbout(reader, point)));
  return requests;
}

/** By way of the person, for whom there are indexes. */
const requestsAbout = preparedByKey((db, isAsked) =>
  db
    .selectFrom('contact_points as asked_about')
    .innerJoin('contact_points as mailboxes', 'mailboxes.person_id', 'asked_about.person_id')
    .innerJoin('signups', 'signups.contact_point_id', 'mailboxes.id')
    .innerJoin('signup_items', (join) =>
      join
        .onRef('signup_items.signup_id', '=', 'signups.id')
        .onRef('signup_items.contact_point_id', '=', 'asked_about.id'),
    )
    .select(['asked_about.id as asked', 'signup_items.signup_id', 'signup_items.permission_id'])
    .where(isAsked('asked_about.id'))
    .where('signups.state', '=', 'open'),
);

import type { Tx } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { WebhookNewsTable } from '#db/schema/webhooks.ts';
import { idOfBoth } from '#src/ids/new-id.ts';
import { publicId } from '#src/ids/public-id.ts';
import type { WebhookEvent } from './webhooks.ts';

/** Something that happened outside of the ledger. */
export interface News {
  type: WebhookEvent;
  at: string;
  data: object;
}

/** What the recorded news are about. */
export async function newsOf(tx: Tx, rows: WebhookNewsTable[]): Promise<News[]> {
  return [
    ...(await suppressionNews(tx, idsOf(rows, 'suppression'))),
    ...(await restrictionNews(tx, idsOf(rows, 'restriction'))),
    ...(await textNews(tx, idsOf(rows, 'text'))),
  ];
}

function idsOf(rows: WebhookNewsTable[], kind: WebhookNewsTable['kind']): string[] {
  return rows.filter((row) => row.kind === kind).map(({ id }) => id);
}

async function suppressionNews(tx: Tx, ids: string[]): Promise<News[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('suppressions')
    .leftJoin('purposes', 'purposes.id', 'suppressions.purpose_id')
    .leftJoin('contact_points', 'contact_points.lookup_hash', 'suppressions.lookup_hash')
    .select(['suppressions.id', 'suppressions.channel', 'suppressions.reason', 'suppressions.created_at'])
    .select('suppressions.recorded_at')
    .select(['purposes.key as purpose', 'contact_points.id as contact_point_id'])
    .where(isOneOf(tx, 'suppressions.id', ids))
    .orderBy('suppressions.id')
    .execute();
  // Several people may share a number, and an address may belong to nobody yet.
  return [...Map.groupBy(rows, ({ id }) => id).entries()].map(([id, owners]) => {
    const [{ created_at, recorded_at, channel, reason, purpose }] = owners as [(typeof owners)[0]];
    const points = owners.flatMap(({ contact_point_id }) => contact_point_id ?? []);
    const data = {
      id: publicId('suppression', id),
      channel,
      purpose,
      reason,
      contact_point_ids: points.map((point) => publicId('contactPoint', point)),
    };
    // A block that was reported late is still news.
    return { type: 'suppression.added', at: recorded_at ?? created_at, data };
  });
}

/** Blocks every address of a person, with the reason that decisions give. */
async function restrictionNews(tx: Tx, ids: string[]): Promise<News[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('person_events as event')
    .innerJoin('contact_points as point', 'point.person_id', 'event.person_id')
    .select(['event.id as event_id', 'event.recorded_at', 'point.id', 'point.channel'])
    .where(isOneOf(tx, 'event.id', ids))
    .orderBy('event.id')
    .orderBy('point.id')
    .execute();
  return rows.map(({ event_id, recorded_at, id, channel }) => ({
    type: 'suppression.added',
    at: recorded_at,
    data: {
      // Each restriction gets its own id: a receiver that skips known ids must not miss the second one.
      id: publicId('suppression', idOfBoth(event_id, id)),
      channel,
      purpose: null,
      reason: 'restricted',
      contact_point_ids: [publicId('contactPoint', id)],
    },
  }));
}

async function textNews(tx: Tx, ids: string[]): Promise<News[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('consent_text_steps as step')
    .innerJoin('consent_text_versions as version', 'version.id', 'step.version_id')
    .innerJoin('consent_texts as text', 'text.id', 'version.text_id')
    .innerJoin('purposes', 'purposes.id', 'text.purpose_id')
    .select(['step.at', 'version.id', 'version.major', 'version.minor', 'version.sha256'])
    .select(['text.channel', 'text.locale', 'purposes.key as purpose'])
    .where(isOneOf(tx, 'step.id', ids))
    .orderBy('step.id')
    .execute();
  return rows.map(({ at, id, purpose, channel, locale, major, minor, sha256 }) => ({
    type: 'text.published',
    at,
    data: {
      id: publicId('text', id),
      text_version: `${purpose}/${channel}/${locale}@${major}.${minor}`,
      purpose,
      channel,
      locale,
      sha256,
    },
  }));
}

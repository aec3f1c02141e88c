import { sql } from 'kysely';
import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { EventKind, EventOrigin } from '#db/schema/events.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import type { TextVersion } from '#src/consent-texts/text-version.ts';
import { decryptText, unwrapPersonKey } from '#src/people/encryption.ts';

/** A form that showed the text version: in which form versions, and how many consents it collected. */
export interface AffectedForm {
  key: string;
  versions: number[];
  consents: number;
  /** The box is hidden until the text has a usable version again. */
  paused: boolean;
  /** The current form version shows the text version. */
  current: boolean;
}

/** Consents by the day they were given and their origin. */
export interface AffectedGroup {
  day: string;
  origin: EventOrigin;
  form: string | null;
  source: string | null;
  consents: number;
}

export interface AffectedPerson {
  permissionId: string;
  contactPointId: string;
  channel: Channel;
  contactPoint: string;
  grantedAt: string;
  origin: EventOrigin;
  form: string | null;
  source: string | null;
}

const granting: EventKind[] = ['confirmed', 'granted', 'renewed', 'imported'];

/** Granted consents to this text version, with the granting event and its origin. */
function consentsUnder(db: Db, versionId: string) {
  return db
    .selectFrom('permissions')
    .innerJoin('contact_points', 'contact_points.id', 'permissions.contact_point_id')
    .leftJoin('events', (join) =>
      join
        .onRef('events.permission_id', '=', 'permissions.id')
        .onRef('events.occurred_at', '=', 'permissions.granted_at')
        .onRef('events.text_version_id', '=', 'permissions.text_version_id')
        .on('events.kind', 'in', granting),
    )
    .leftJoin('form_versions', 'form_versions.id', 'events.form_version_id')
    .leftJoin('forms', 'forms.id', 'form_versions.form_id')
    .leftJoin('signups', 'signups.id', 'events.signup_id')
    .where('permissions.text_version_id', '=', versionId)
    .where('permissions.settled_state', '=', 'granted')
    .where('contact_points.lookup_hash', 'is not', null);
}

/** Newest day first. */
export async function affectedGroups(db: Db, versionId: string): Promise<AffectedGroup[]> {
  const day = sql<string>`substr(permissions.granted_at, 1, 10)`;
  const rows = await consentsUnder(db, versionId)
    .select(['events.origin', 'forms.key as form', 'signups.source'])
    .select((eb) => [day.as('day'), eb.fn.count<number>('permissions.id').distinct().as('consents')])
    .groupBy([day, 'events.origin', 'forms.key', 'signups.source'])
    .orderBy('day', 'desc')
    .orderBy('forms.key')
    .execute();
  return rows.map(({ origin, consents, ...row }) => ({
    ...row,
    origin: origin ?? 'system',
    consents: Number(consents),
  }));
}

/** Every form that showed the text version in any of its versions, by key. */
export async function affectedForms(db: Db, version: TextVersion): Promise<AffectedForm[]> {
  const rows = await db
    .selectFrom('form_versions')
    .innerJoin('forms', 'forms.id', 'form_versions.form_id')
    .select(['forms.id', 'forms.key', 'forms.current_version_id'])
    .select(['form_versions.id as version_id', 'form_versions.number'])
    .where('form_versions.definition', 'like', `%${version.id}%`)
    .orderBy('forms.key')
    .orderBy('form_versions.number')
    .execute();
  const paused = await db
    .selectFrom('paused_boxes')
    .select('form_id')
    .where('value', '=', `${version.purpose}:${version.channel}`)
    .execute();
  const groups = await affectedGroups(db, version.id);
  return [...Map.groupBy(rows, ({ key }) => key)].map(([key, own]) => ({
    key,
    versions: own.map(({ number }) => number),
    consents: groups.filter(({ form }) => form === key).reduce((sum, { consents }) => sum + consents, 0),
    current: own.some((one) => one.version_id === one.current_version_id),
    paused: paused.some(({ form_id }) => form_id === own[0]?.id),
  }));
}

/** One page, ordered by permission id, starting after `after`. Addresses are not masked; the caller does that. */
export async function affectedPeople(
  app: Pick<App, 'db' | 'keys'>,
  versionId: string,
  after: string,
  most: number,
): Promise<AffectedPerson[]> {
  const ids = await consentsUnder(app.db, versionId)
    .select('permissions.id')
    .distinct()
    .where('permissions.id', '>', after)
    .orderBy('permissions.id')
    .limit(most)
    .execute();
  const rows = await consentsUnder(app.db, versionId)
    .innerJoin('people', 'people.id', 'contact_points.person_id')
    .select([
      'permissions.id',
      'permissions.contact_point_id',
      'permissions.channel',
      'permissions.granted_at',
    ])
    .select(['contact_points.value_enc', 'people.key_wrapped', 'events.origin', 'forms.key as form'])
    .select('signups.source')
    .where(
      isOneOf(
        app.db,
        'permissions.id',
        ids.map(({ id }) => id),
      ),
    )
    .orderBy('permissions.id')
    .execute();
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap(([row]) => {
    if (!row) return [];
    const { key_wrapped, value_enc } = row;
    const key = key_wrapped ? unwrapPersonKey(app.keys, key_wrapped) : undefined;
    return [
      {
        permissionId: row.id,
        contactPointId: row.contact_point_id,
        channel: row.channel,
        contactPoint: key && value_enc ? decryptText(key, value_enc) : '',
        grantedAt: row.granted_at ?? '',
        origin: row.origin ?? 'system',
        form: row.form,
        source: row.source,
      },
    ];
  });
}

import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import { permissionsAt } from '#src/decisions/permissions-at.ts';
import { publicId } from '#src/ids/public-id.ts';
import { compare } from './by-then.ts';
import { type PlacesOf, readLogPlaces } from './log-places.ts';
import type { StoryController, StoryPermission, StoryPurpose } from './story.ts';
import type { StoryText, ThirdParty } from './story-documents.ts';
import type { StoryEvent } from './story-events.ts';

/** The permissions that these events made, as they were at this moment. */
export async function readPermissions(
  db: Db,
  contactPointIds: string[],
  events: StoryEvent[],
  texts: StoryText[],
  at: string,
): Promise<StoryPermission[]> {
  const wanted = new Set(events.map(({ permissionId }) => permissionId));
  const past = (await permissionsAt(db, contactPointIds, at)).filter(({ id }) => wanted.has(id));
  const channels = await channelsOf(db, [...wanted]);
  const purposes = await readPurposes(
    db,
    past.map(({ purpose_id }) => purpose_id),
    at,
  );
  const permissions = past.flatMap((row): StoryPermission[] => {
    const of = purposes.get(row.purpose_id);
    const channel = channels.get(row.id);
    if (!of || !channel) return [];
    const text = texts.find(({ id }) => id === row.text_version_id);
    return [
      {
        id: row.id,
        publicId: publicId('permission', row.id),
        controllerId: of.controllerId,
        purpose: of.purpose,
        channel,
        contactPointId: row.contact_point_id,
        state: row.state,
        settledState: row.settled_state,
        since: row.since,
        basis: row.basis,
        grade: row.evidence_grade,
        channelVerified: row.channel_verified === 1,
        grantedAt: row.granted_at,
        lastUsedAt: row.last_used_at,
        validUntil: row.valid_until,
        textId: row.text_version_id,
        thirdParties: text?.thirdParties ?? of.thirdParties,
      },
    ];
  });
  const beganAt = (id: string) => events.find(({ permissionId }) => permissionId === id)?.occurredAt ?? '';
  return permissions.sort((a, b) => compare(beganAt(a.id), beganAt(b.id)) || compare(a.id, b.id));
}

async function channelsOf(db: Db, ids: string[]): Promise<Map<string, Channel>> {
  const rows = await db
    .selectFrom('permissions')
    .select(['id', 'channel'])
    .where(isOneOf(db, 'id', ids))
    .execute();
  return new Map(rows.map(({ id, channel }) => [id, channel]));
}

interface FoundPurpose {
  controllerId: string;
  purpose: StoryPurpose;
  thirdParties: ThirdParty[];
}

async function readPurposes(db: Db, ids: string[], at: string): Promise<Map<string, FoundPurpose>> {
  const rows = await db
    .selectFrom('purposes')
    .select(['id', 'key', 'controller_id'])
    .where(isOneOf(db, 'id', ids))
    .execute();
  const words = await db
    .selectFrom('purpose_translations')
    .select(['purpose_id', 'locale', 'title', 'promise'])
    .where(isOneOf(db, 'purpose_id', ids))
    .orderBy('locale')
    .execute();
  const parties = await db
    .selectFrom('purpose_third_parties')
    .select(['purpose_id', 'name', 'place', 'line_of_business'])
    .where(isOneOf(db, 'purpose_id', ids))
    .orderBy('name')
    .execute();
  const placesOf: PlacesOf = await readLogPlaces(db, ids, at);
  return new Map(
    rows.map(({ id, key, controller_id }): [string, FoundPurpose] => {
      const own = words.filter(({ purpose_id }) => purpose_id === id);
      const purpose = {
        id,
        key,
        titles: Object.fromEntries(own.map(({ locale, title }) => [locale, title])),
        promises: Object.fromEntries(own.map(({ locale, promise }) => [locale, promise])),
        log: placesOf('purpose', id),
      };
      const thirdParties = parties
        .filter(({ purpose_id }) => purpose_id === id)
        .map(({ purpose_id: _, ...party }) => party);
      return [id, { controllerId: controller_id, purpose, thirdParties }];
    }),
  );
}

export async function readControllers(db: Db, ids: string[], at: string): Promise<StoryController[]> {
  const asked = [...new Set(ids)];
  const rows = await db
    .selectFrom('controllers')
    .selectAll()
    .where(isOneOf(db, 'id', asked))
    .orderBy('legal_name')
    .execute();
  const notices = await db
    .selectFrom('privacy_notices')
    .selectAll()
    .where(isOneOf(db, 'controller_id', asked))
    .where('valid_from', '<=', at)
    .orderBy('valid_from')
    .execute();
  const placesOf = await readLogPlaces(db, [...asked, ...notices.map(({ id }) => id)], at);
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    legalName: row.legal_name,
    address: row.address,
    country: row.country,
    privacyEmail: row.privacy_email,
    privacyUrl: row.privacy_url,
    notices: notices
      .filter(({ controller_id }) => controller_id === row.id)
      .map(({ id, version, url, valid_from }) => ({
        id,
        version,
        url,
        validFrom: valid_from,
        log: placesOf('privacy_notice', id),
      })),
    log: placesOf('controller', row.id),
  }));
}

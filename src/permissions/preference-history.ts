import type { Db } from '#db/connect.ts';
import type { EventKind, EventOrigin } from '#db/schema/events.ts';
import type { Basis, Channel } from '#db/schema/vocabulary.ts';
import type { MatrixCell } from '#src/ledger/permission-matrix.ts';
import { type PersonEntry, personHistory } from '#src/ledger/person-events.ts';

export type HistoryEntry = PermissionEntry | AboutPerson;

/** About the person as a whole, or one of their addresses. */
interface AboutPerson
  extends Pick<PersonEntry, 'id' | 'kind' | 'occurredAt' | 'register' | 'refused' | 'channel'> {
  about: 'person';
  at: string;
  by: 'us';
}

interface PermissionEntry {
  about: 'permission';
  id: string;
  at: string;
  kind: EventKind;
  basis: Basis;
  purposeTitle: string;
  channel: Channel;
  origin: EventOrigin;
  textRef: string | null;
  by: 'you' | 'us' | 'system';
}

const maxEntries = 200;

/** What happened to the person's permissions and data, newest first. */
export async function preferenceHistory(
  db: Db,
  personId: string,
  points: { id: string }[],
  cells: MatrixCell[],
): Promise<HistoryEntry[]> {
  const aboutPerson = (await personHistory(db, personId, maxEntries)).map(
    ({ id, kind, occurredAt, recordedAt, register, refused, channel }): AboutPerson => ({
      about: 'person',
      id,
      at: recordedAt,
      kind,
      occurredAt,
      register,
      refused,
      channel,
      by: 'us',
    }),
  );
  const all = [
    ...aboutPerson,
    ...(await permissionHistory(
      db,
      points.map(({ id }) => id),
      cells,
    )),
  ];
  return all.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, maxEntries);
}

async function permissionHistory(
  db: Db,
  contactPointIds: string[],
  cells: MatrixCell[],
): Promise<PermissionEntry[]> {
  const events = await db
    .selectFrom('events')
    .leftJoin('consent_text_versions', 'consent_text_versions.id', 'events.text_version_id')
    .leftJoin('consent_texts', 'consent_texts.id', 'consent_text_versions.text_id')
    .innerJoin('purposes', 'purposes.id', 'events.purpose_id')
    .select(['events.id', 'events.kind', 'events.occurred_at', 'events.purpose_id', 'events.channel'])
    .select(['events.basis', 'events.origin', 'events.actor', 'purposes.key', 'consent_texts.locale'])
    .select(['consent_text_versions.major', 'consent_text_versions.minor'])
    .where('events.contact_point_id', 'in', contactPointIds)
    .orderBy('events.id', 'desc')
    .limit(maxEntries)
    .execute();
  return events.map((event) => ({
    about: 'permission',
    id: event.id,
    at: event.occurred_at,
    kind: event.kind,
    basis: event.basis,
    purposeTitle: cells.find((cell) => cell.purposeId === event.purpose_id)?.title ?? event.key,
    channel: event.channel,
    origin: event.origin,
    textRef: event.locale
      ? `${event.key}/${event.channel}/${event.locale}@${event.major}.${event.minor}`
      : null,
    by: event.actor === 'person' ? 'you' : event.actor === 'system' ? 'system' : 'us',
  }));
}

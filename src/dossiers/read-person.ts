import type { Db } from '#db/connect.ts';
import type { ContactPointTable } from '#db/schema/people.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { contactPointSalt } from '#src/log/contact-point-entry.ts';
import { contactPointValue, type PersonWithKey } from '#src/people/contact-points.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import { readLogPlaces } from './log-places.ts';
import type { StoryContactPoint, StoryPerson } from './story.ts';
import { readActors } from './story-actors.ts';
import type { StoryEvent, StoryField, StoryPersonEvent } from './story-events.ts';
import { fieldsIn, readEvidence } from './story-evidence.ts';

/** A person as they were known by then, with these addresses of theirs. */
export async function describePerson(
  db: Db,
  { person, locale }: { person: PersonWithKey; locale: Locale },
  points: ContactPointTable[],
  events: StoryEvent[],
  at: string,
): Promise<StoryPerson> {
  const placesOf = await readLogPlaces(
    db,
    points.map(({ id }) => id),
    at,
  );
  return {
    id: person.id,
    locale,
    details: detailsIn(events),
    contactPoints: points.map((point): StoryContactPoint => {
      const value = contactPointValue(person, point);
      const read = normaliseContactPoint(point.channel, value);
      return {
        id: point.id,
        channel: point.channel,
        value,
        normalised: read.ok ? read.value : value,
        source: point.source,
        createdAt: point.created_at,
        salt: contactPointSalt(person.key, point.id).toString('hex'),
        log: placesOf('contact_point', point.id),
      };
    }),
  };
}

const detailFields = [
  ...['given_name', 'family_name', 'company', 'position', 'phone', 'fax', 'street', 'postal_code', 'city'],
  'country',
];

/** What forms call `given_name`, captures call `person.given_name`. */
function detailsIn(events: StoryEvent[]): Record<string, string> {
  const typed = events.flatMap(({ fields }) =>
    fields.flatMap(({ name, value }): [string, string][] => {
      const field = name.replace(/^person\./, '');
      return detailFields.includes(field) && value !== '' ? [[field, value]] : [];
    }),
  );
  return Object.fromEntries(typed);
}

/** Restrictions and looks into registers by then. */
export async function readPersonEvents(
  { db }: Pick<App, 'db'>,
  person: PersonWithKey,
  at: string,
): Promise<StoryPersonEvent[]> {
  const rows = await db
    .selectFrom('person_events')
    .selectAll()
    .where('person_id', '=', person.id)
    .where('recorded_at', '<=', at)
    .orderBy('number')
    .execute();
  const evidence = await readEvidence(
    db,
    person,
    rows.map(({ evidence_id }) => evidence_id),
  );
  const actorOf = await readActors(
    db,
    rows.map(({ actor }) => actor),
  );
  const placesOf = await readLogPlaces(
    db,
    rows.map(({ id }) => id),
    at,
  );
  return rows.map((row): StoryPersonEvent => {
    const shown = evidence.get(row.evidence_id) ?? null;
    const fields: StoryField[] = shown?.content ? fieldsIn(shown.content) : [];
    return {
      id: row.id,
      kind: row.kind,
      occurredAt: row.occurred_at,
      recordedAt: row.recorded_at,
      by: actorOf(row.actor),
      contactPointId: row.contact_point_id,
      register: row.register,
      refused: row.refused === null ? null : row.refused === 1,
      evidence: shown,
      fields,
      log: placesOf('person_event', row.id),
    };
  });
}

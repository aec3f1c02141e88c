import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { EventTable } from '#db/schema/events.ts';
import type { GroundTable } from '#db/schema/evidence.ts';
import type { GroundRecord } from '#src/decisions/ground-record.ts';
import { type FormDefinition, readDefinition } from '#src/forms/form-definition.ts';
import { fold, type PermissionFacts } from '#src/ledger/fold.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { byThen, compare } from './by-then.ts';
import { type PlacesOf, readLogPlaces } from './log-places.ts';
import { readActors } from './story-actors.ts';
import type { StoryActor, StoryEvent, StoryGround } from './story-events.ts';
import { boxesIn, fieldsIn, readEvidence } from './story-evidence.ts';

/** What happened to these permissions by then, with its evidence. */
export async function readEvents(
  db: Db,
  person: PersonWithKey,
  permissionIds: string[],
  at: string,
): Promise<StoryEvent[]> {
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where(isOneOf(db, 'permission_id', permissionIds))
    .where('occurred_at', '<=', at)
    .orderBy('permission_id')
    .orderBy('number')
    .execute();
  const ids = rows.map(({ id }) => id);
  const [evidence, forms, grounds, campaigns, actorOf, placesOf] = await Promise.all([
    readEvidence(
      db,
      person,
      rows.flatMap(({ evidence_id }) => evidence_id ?? []),
    ),
    readForms(db, rows),
    readGrounds(db, ids, at),
    readCampaigns(db, ids),
    readActors(
      db,
      rows.map(({ actor }) => actor),
    ),
    readLogPlaces(db, ids, at),
  ]);
  const states = statesAround(rows);
  const events = rows.map((row): StoryEvent => {
    const shown = (row.evidence_id && evidence.get(row.evidence_id)) || null;
    const content = shown?.content;
    const ground = grounds.get(row.id);
    return {
      ...columnsOf(row, actorOf),
      ...(states.get(row.id) ?? { from: 'none', to: 'none' }),
      evidence: shown,
      boxes: content ? boxesIn(content, forms.get(row.form_version_id ?? '')) : [],
      fields: content ? fieldsIn(content) : [],
      ground: ground ? groundOf(ground, placesOf) : null,
      use: campaigns.has(row.id)
        ? { campaign: campaigns.get(row.id) ?? null, log: placesOf('use', row.id) }
        : null,
      log: placesOf('event', row.id),
    };
  });
  return events.sort((a, b) => compare(a.occurredAt, b.occurredAt) || compare(a.id, b.id));
}

function columnsOf(row: EventTable, actorOf: (actor: string) => StoryActor) {
  return {
    id: row.id,
    kind: row.kind,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    permissionId: row.permission_id,
    number: row.number,
    basis: row.basis,
    origin: row.origin,
    by: actorOf(row.actor),
    grade: row.evidence_grade,
    channelVerified: row.channel_verified === 1,
    validUntil: row.valid_until,
    textId: row.text_version_id,
    formVersionId: row.form_version_id,
    signupId: row.signup_id,
  };
}

/** Folds each permission event by event. */
function statesAround(rows: EventTable[]): Map<string, Pick<StoryEvent, 'from' | 'to'>> {
  const permissions = new Map<string, PermissionFacts>();
  return new Map(
    rows.map((row) => {
      const before = permissions.get(row.permission_id);
      const after = fold(before, row);
      permissions.set(row.permission_id, after);
      return [row.id, { from: before?.state ?? 'none', to: after.state }];
    }),
  );
}

async function readForms(db: Db, rows: EventTable[]): Promise<Map<string, FormDefinition>> {
  const ids = [...new Set(rows.flatMap(({ form_version_id }) => form_version_id ?? []))];
  const versions = await db
    .selectFrom('form_versions')
    .select(['id', 'definition'])
    .where(isOneOf(db, 'id', ids))
    .execute();
  return new Map(versions.map(({ id, definition }) => [id, readDefinition(definition)]));
}

async function readGrounds(db: Db, eventIds: string[], at: string): Promise<Map<string, GroundTable>> {
  const rows = await db
    .selectFrom('grounds')
    .selectAll()
    .where(isOneOf(db, 'event_id', eventIds))
    .execute();
  return new Map(
    rows.map((row) => {
      const then = { file_at: byThen(row.file_at, at), corrected_at: byThen(row.corrected_at, at) };
      return [row.event_id, { ...row, ...then }];
    }),
  );
}

async function readCampaigns(db: Db, eventIds: string[]): Promise<Map<string, string | null>> {
  const rows = await db
    .selectFrom('uses')
    .select(['event_id', 'campaign'])
    .where(isOneOf(db, 'event_id', eventIds))
    .execute();
  return new Map(rows.map(({ event_id, campaign }) => [event_id, campaign]));
}

function groundOf(row: GroundTable, placesOf: PlacesOf): StoryGround {
  return {
    basis: row.basis,
    method: row.method,
    occurredAt: row.occurred_at,
    audience: row.audience,
    record: JSON.parse(row.record) as GroundRecord,
    missingEvidence: JSON.parse(row.missing_evidence) as string[],
    missing7a: JSON.parse(row.missing_7a) as string[],
    fileSha256: row.file_sha256,
    fileAt: row.file_at,
    correctedAt: row.corrected_at,
    log: placesOf('ground', row.event_id),
  };
}

import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { FrozenNames } from '#src/consent-texts/frozen-names.ts';
import { textRef, versions } from '#src/consent-texts/text-version.ts';
import { byThen } from './by-then.ts';
import { type PlacesOf, readLogPlaces } from './log-places.ts';
import type { StoryText } from './story-documents.ts';
import type { StoryEvent } from './story-events.ts';

/** The versions of texts that these events refer to, as far as their life had gone by then. */
export async function readTexts(db: Db, events: StoryEvent[], at: string): Promise<StoryText[]> {
  const named = await namedVersions(db, events);
  const ids = [...new Set([...events.flatMap(({ textId }) => textId ?? []), ...named])];
  const rows = await versions(db)
    .leftJoin('staff as author', 'author.id', 'version.author_id')
    .leftJoin('staff as approver', 'approver.id', 'version.approved_by')
    .select(['author.name as author_name', 'approver.name as approver_name'])
    .where(isOneOf(db, 'version.id', ids))
    .orderBy('version.id')
    .execute();
  const steps = await readSteps(db, ids, at);
  const placesOf = await readLogPlaces(db, [...ids, ...steps.map(({ id }) => id)], at);
  return rows.map((row): StoryText => {
    const names = JSON.parse(row.names) as FrozenNames;
    const invalidatedAt = byThen(row.invalidated_at, at);
    return {
      id: row.id,
      ref: `${textRef(row)}@${row.major}.${row.minor}`,
      purpose: row.purpose,
      channel: row.channel,
      locale: row.locale,
      wording: row.wording,
      sha256: row.sha256,
      controller: names.controller,
      thirdParties: names.third_parties,
      author: row.author_name,
      approvedAt: byThen(row.approved_at, at),
      approvedBy: row.approver_name,
      liveFrom: byThen(row.live_from, at),
      retiredAt: byThen(row.retired_at, at),
      invalidatedAt,
      invalidReason: invalidatedAt === null ? null : row.invalid_reason,
      stoppedAt: byThen(row.stopped_at, at),
      steps: stepsOf(steps, row.id, placesOf),
      log: placesOf('text_version', row.id),
    };
  });
}

/** A § 7(3) notice is named by its reference in the evidence, not by a column of the event. */
async function namedVersions(db: Db, events: StoryEvent[]): Promise<string[]> {
  const refs = new Set(
    events.flatMap(({ fields }) =>
      fields.flatMap(({ name, value }) => (name === 'evidence.notice_text_version' ? [value] : [])),
    ),
  );
  if (refs.size === 0) return [];
  const keys = [...refs].map((ref) => ref.split('/')[0] ?? '');
  const rows = await versions(db)
    .where(isOneOf(db, 'purposes.key', keys))
    .execute();
  return rows.filter((row) => refs.has(`${textRef(row)}@${row.major}.${row.minor}`)).map(({ id }) => id);
}

function readSteps(db: Db, versionIds: string[], at: string) {
  return db
    .selectFrom('consent_text_steps')
    .select(['id', 'version_id', 'kind', 'at', 'actor_name', 'note'])
    .where(isOneOf(db, 'version_id', versionIds))
    .where('at', '<=', at)
    .orderBy('id')
    .execute();
}

function stepsOf(
  steps: Awaited<ReturnType<typeof readSteps>>,
  versionId: string,
  placesOf: PlacesOf,
): StoryText['steps'] {
  return steps
    .filter(({ version_id }) => version_id === versionId)
    .map(({ id, kind, at, actor_name: by, note }) => ({
      id,
      kind,
      at,
      by,
      note,
      log: placesOf('text_step', id),
    }));
}

import type { Db } from '#db/connect.ts';
import { type TextVersion, textRef, versions } from './text-version.ts';

export interface TextOnDate extends TextVersion {
  title: string;
  approver: string | null;
  /** Name of the person who had stopped it by then. */
  stopper: string | null;
}

/** Every version that was live at this time, as it was then: stopped or invalid only if that had already happened. */
export async function textsOnDate(db: Db, at: string): Promise<TextOnDate[]> {
  const rows = await versions(db)
    .leftJoin('purpose_translations', (join) =>
      join
        .onRef('purpose_translations.purpose_id', '=', 'purposes.id')
        .onRef('purpose_translations.locale', '=', 'consent_texts.locale'),
    )
    .select(['purpose_translations.title', 'purposes.position'])
    .where('version.live_from', '<=', at)
    .where((eb) => eb.or([eb('version.retired_at', 'is', null), eb('version.retired_at', '>', at)]))
    .execute();
  const steps = await stepsUntil(db, at);
  return rows
    .sort((a, b) => a.position - b.position || textRef(a).localeCompare(textRef(b)))
    .map((row) => ({
      ...row,
      ...standingAt(row, at, steps.get(row.id) ?? []),
      title: row.title ?? row.purpose,
    }));
}

type Step = Awaited<ReturnType<typeof stepsOf>>[number];

/** The state of a version at this time. */
function standingAt(version: TextVersion, at: string, steps: Step[]) {
  const stop = steps.findLast(({ kind }) => kind === 'stopped' || kind === 'resumed');
  const stopped = stop?.kind === 'stopped' ? stop : undefined;
  const invalid = version.invalidated_at !== null && version.invalidated_at <= at;
  return {
    state: 'live' as const,
    retired_at: null,
    stopped_at: stopped?.at ?? null,
    stop_reason: stopped?.note ?? null,
    stopper: stopped?.actor_name ?? null,
    invalidated_at: invalid ? version.invalidated_at : null,
    approver: steps.find(({ kind }) => kind === 'approved')?.actor_name ?? null,
  };
}

async function stepsUntil(db: Db, at: string): Promise<Map<string, Step[]>> {
  return Map.groupBy(await stepsOf(db, at), ({ version_id }) => version_id);
}

async function stepsOf(db: Db, at: string) {
  return db
    .selectFrom('consent_text_steps')
    .select(['version_id', 'kind', 'at', 'note', 'actor_name'])
    .where('kind', 'in', ['approved', 'stopped', 'resumed'])
    .where('at', '<=', at)
    .orderBy('id')
    .execute();
}

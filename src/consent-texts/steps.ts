import type { Db, Tx } from '#db/connect.ts';
import type { TextStepKind } from '#db/schema.ts';
import { newId } from '#src/ids.ts';
import type { Actor } from './text-desk.ts';

export interface Step {
  kind: TextStepKind;
  at: string;
  versionId: string;
  actorId: string | null;
  actorName: string;
  note: string | null;
  details: Record<string, unknown>;
}

/** What happened to a version, by whom and why. Never changed afterwards. */
export async function recordStep(
  tx: Tx,
  version: { id: string; text_id: string },
  step: {
    kind: TextStepKind;
    at: string;
    /** Left out: the system itself. */
    actor?: Pick<Actor, 'id' | 'name'>;
    note?: string | null;
    details?: Record<string, unknown>;
  },
): Promise<void> {
  await tx
    .insertInto('consent_text_steps')
    .values({
      id: newId(),
      text_id: version.text_id,
      version_id: version.id,
      kind: step.kind,
      at: step.at,
      actor_id: step.actor?.id ?? null,
      actor_name: step.actor?.name ?? 'Jawort',
      note: step.note?.trim() || null,
      details: JSON.stringify(step.details ?? {}),
    })
    .execute();
}

/** The steps of all versions of a text, oldest first; those of discarded drafts as well. */
export async function stepsOfText(db: Db, textId: string): Promise<Step[]> {
  const rows = await db
    .selectFrom('consent_text_steps')
    .selectAll()
    .where('text_id', '=', textId)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    kind: row.kind,
    at: row.at,
    versionId: row.version_id,
    actorId: row.actor_id,
    actorName: row.actor_name,
    note: row.note,
    details: JSON.parse(row.details) as Record<string, unknown>,
  }));
}

/** Everybody who wrote on a version: its author, and whoever saved other words. */
export async function writersOf(db: Db | Tx, versionId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('consent_text_steps')
    .select('actor_id')
    .distinct()
    .where('version_id', '=', versionId)
    .where('kind', 'in', ['created', 'edited'])
    .execute();
  return rows.flatMap((row) => row.actor_id ?? []);
}

export async function authorOf(db: Db | Tx, versionId: string): Promise<string> {
  const created = await db
    .selectFrom('consent_text_steps')
    .select('actor_name')
    .where('version_id', '=', versionId)
    .where('kind', '=', 'created')
    .executeTakeFirst();
  return created?.actor_name ?? '';
}

import type { Db, Tx } from '#db/connect.ts';
import type { TextStepKind } from '#db/schema/consent-texts.ts';
import { newId } from '#src/ids/new-id.ts';
import type { Actor } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';

export interface Step {
  kind: TextStepKind;
  at: string;
  versionId: string;
  actorId: string | null;
  actorName: string;
  note: string | null;
  details: Record<string, unknown>;
}

/** Records what happened to a version, by whom and why. Immutable. Steps by staff also go into the audit trail. */
export async function recordStep(
  tx: Tx,
  version: { id: string; text_id: string },
  step: {
    kind: TextStepKind;
    at: string;
    /** Default: the system. */
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
  if (!step.actor) return;
  const subject = `text:${await refOf(tx, version.text_id)}`;
  const details = { version: version.id, note: step.note?.trim() || undefined, ...step.details };
  await recordAudit(tx, step.at, step.actor, `text.${step.kind}`, subject, details);
}

async function refOf(tx: Tx, textId: string): Promise<string> {
  const text = await tx
    .selectFrom('consent_texts')
    .innerJoin('purposes', 'purposes.id', 'consent_texts.purpose_id')
    .select(['purposes.key', 'consent_texts.channel', 'consent_texts.locale'])
    .where('consent_texts.id', '=', textId)
    .executeTakeFirstOrThrow();
  return `${text.key}/${text.channel}/${text.locale}`;
}

/** The steps of all versions of a text, including discarded drafts, oldest first. */
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

/** Ids of everyone who created or edited the version. */
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

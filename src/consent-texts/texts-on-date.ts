import type { Db } from '#db/connect.ts';
import { type TextVersion, textRef, versions } from './text-version.ts';

export interface TextOnDate extends TextVersion {
  title: string;
  approver: string | null;
}

/** Every version that was live at a moment, place by place. Nothing of it can have changed since. */
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
  const approvers = await approverNames(db);
  return rows
    .sort((a, b) => a.position - b.position || textRef(a).localeCompare(textRef(b)))
    .map((row) => ({ ...row, title: row.title ?? row.purpose, approver: approvers.get(row.id) ?? null }));
}

async function approverNames(db: Db): Promise<Map<string, string>> {
  const steps = await db
    .selectFrom('consent_text_steps')
    .select(['version_id', 'actor_name'])
    .where('kind', '=', 'approved')
    .execute();
  return new Map(steps.map((step) => [step.version_id, step.actor_name]));
}

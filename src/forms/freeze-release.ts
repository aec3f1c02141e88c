import type { App } from '#src/app/app.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { readDefinition } from './form-definition.ts';
import { freezeVersion, looksAsFrozen } from './freeze-version.ts';

/**
 * A new release may render a form with different markup. Evidence must quote what was shown, so every open form that
 * now renders differently gets a new version with the same content, before it is served. Of several processes that
 * start together, one creates it. Returns the new versions.
 */
export async function freezeRelease({ db, now, log }: Pick<App, 'db' | 'now' | 'log'>): Promise<string[]> {
  const rows = await db
    .selectFrom('forms')
    .innerJoin('form_versions', 'form_versions.id', 'forms.current_version_id')
    .select(['forms.id', 'forms.key', 'forms.current_version_id', 'form_versions.definition'])
    .where('forms.closed_at', 'is', null)
    .where('forms.archived_at', 'is', null)
    .orderBy('forms.key')
    .execute();
  const frozen: string[] = [];
  for (const { id, key, current_version_id: currentId, definition } of rows) {
    const current = readDefinition(definition);
    if (looksAsFrozen(current)) continue;
    const { shown: _, ...words } = current;
    const at = now().toISOString();
    const number = words.number + 1;
    const made = await db.transaction().execute(async (tx) => {
      // A concurrent process waits here, and then finds that the version has changed.
      const claimed = await tx
        .updateTable('forms')
        .set({ current_version_id: currentId })
        .where('id', '=', id)
        .where('current_version_id', '=', currentId)
        .executeTakeFirst();
      if (Number(claimed.numUpdatedRows) === 0) return false;
      await freezeVersion(tx, id, { ...words, number }, at);
      await recordAudit(tx, at, null, 'form.frozen', `form:${key}`, { number, reason: 'release' });
      return true;
    });
    if (made) frozen.push(`${key}@${number}`);
  }
  if (frozen.length > 0) log.info({ forms: frozen }, 'forms.frozen_for_release');
  return frozen;
}

import type { App } from '#src/app/app.ts';
import { checkVersion } from './check-version.ts';
import { recordStep } from './steps.ts';
import { type TextVersion, versions } from './text-version.ts';
import { rulesVersion } from './wording-check/rules.ts';

/** Limit per run, to keep it short. */
const maxPerRound = 200;

/**
 * Job: checks approved versions again after the rules have changed. A version with new errors is marked for review; it
 * never becomes invalid automatically.
 */
export async function recheckVersions(
  { db, now }: Pick<App, 'db' | 'now'>,
  rules = rulesVersion,
): Promise<{ checked: number; marked: number }> {
  const stale = await versions(db)
    .where('version.approved_at', 'is not', null)
    .where((eb) => eb.or([eb('version.rules_version', 'is', null), eb('version.rules_version', '!=', rules)]))
    .orderBy('version.id')
    .limit(maxPerRound)
    .execute();
  let marked = 0;
  for (const version of stale) {
    const found = await failingRules(db, version);
    if (found.length > 0) marked += 1;
    await db.transaction().execute(async (tx) => {
      await tx
        .updateTable('consent_text_versions')
        .set({
          rules_version: rules,
          review_needed: found.length > 0 ? 1 : 0,
          review_rules: found.length > 0 ? JSON.stringify(found) : null,
        })
        .where('id', '=', version.id)
        .execute();
      const kind = stepFor(version, found);
      const at = now().toISOString();
      if (kind) await recordStep(tx, version, { kind, at, details: { rules: found, rules_version: rules } });
    });
  }
  return { checked: stale.length, marked };
}

async function failingRules(db: App['db'], version: TextVersion): Promise<string[]> {
  const { errors } = await checkVersion(db, version);
  return [...new Set(errors.map(({ rule }) => rule))];
}

function stepFor(version: TextVersion, found: string[]) {
  const before = version.review_needed === 1;
  if (found.length > 0 && version.review_rules !== JSON.stringify(found)) return 'review_needed' as const;
  return before && found.length === 0 ? ('review_cleared' as const) : undefined;
}

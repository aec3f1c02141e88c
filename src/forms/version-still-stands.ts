import type { Db } from '#db/connect.ts';
import type { FormVersion } from './form-definition.ts';

/** Whether every text that this form version shows is still live, so that a tab left open stays good. */
export async function versionStillStands(db: Db, version: FormVersion): Promise<boolean> {
  const shown = version.definition.consents.flatMap((consent) => Object.values(consent.texts));
  const live = await db
    .selectFrom('consent_texts')
    .select('live_version_id')
    .where(
      'live_version_id',
      'in',
      shown.map((text) => text.id),
    )
    .execute();
  const liveIds = new Set(live.map((row) => row.live_version_id));
  return shown.every((text) => liveIds.has(text.id));
}

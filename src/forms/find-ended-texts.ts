import type { Db } from '#db/connect.ts';
import { isAskable } from '#src/consent-texts/askable.ts';
import type { FormVersion } from './form-definition.ts';

/** Whether every text of this form version is live and not blocked, so that a form in an open tab can be submitted. */
export async function hasOnlyLiveTexts(db: Db, version: FormVersion): Promise<boolean> {
  return (await findEndedTexts(db, version)).length === 0;
}

/** The boxes of a version whose text is no longer in use, in any language. */
export async function findEndedTexts(
  db: Db,
  version: FormVersion,
): Promise<FormVersion['definition']['consents']> {
  const shown = version.definition.consents.flatMap((consent) => Object.values(consent.texts));
  const live = await db
    .selectFrom('consent_texts')
    .innerJoin('consent_text_versions', 'consent_text_versions.id', 'consent_texts.live_version_id')
    .select('consent_texts.live_version_id')
    .where(
      'consent_texts.live_version_id',
      'in',
      shown.map((text) => text.id),
    )
    .where(isAskable('consent_text_versions'))
    .execute();
  const liveIds = new Set(live.map((row) => row.live_version_id));
  return version.definition.consents.filter(({ texts }) =>
    Object.values(texts).some((text) => !liveIds.has(text.id)),
  );
}

import type { Db } from '#db/connect.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { isAskable } from '#src/consent-texts/askable.ts';

export interface LiveText {
  id: string;
  ref: string;
  wording: string;
  sha256: string;
}

/** The live text for each `{purpose id}:{channel}`, which a new consent would agree to. */
export async function liveTexts(db: Db, locale: Locale): Promise<Map<string, LiveText>> {
  const rows = await db
    .selectFrom('consent_texts')
    .innerJoin('consent_text_versions', 'consent_text_versions.id', 'consent_texts.live_version_id')
    .innerJoin('purposes', 'purposes.id', 'consent_texts.purpose_id')
    .select(['consent_texts.purpose_id', 'consent_texts.channel', 'purposes.key'])
    .select(['consent_text_versions.id', 'consent_text_versions.wording', 'consent_text_versions.sha256'])
    .select(['consent_text_versions.major', 'consent_text_versions.minor'])
    .where('consent_texts.locale', '=', locale)
    .where(isAskable('consent_text_versions'))
    .execute();
  return new Map(
    rows.map((row) => [
      textKey(row.purpose_id, row.channel),
      {
        id: row.id,
        ref: `${row.key}/${row.channel}/${locale}@${row.major}.${row.minor}`,
        wording: row.wording,
        sha256: row.sha256,
      },
    ]),
  );
}

export function textKey(purposeId: string, channel: Channel): string {
  return `${purposeId}:${channel}`;
}

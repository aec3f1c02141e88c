import type { Db } from '#db/connect.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { isAskable } from '#src/consent-texts/askable.ts';

/** A text version that a captured consent can refer to. */
export interface AskableText {
  ref: string;
  purposeId: string;
  purpose: string;
  channel: Channel;
  locale: Locale;
  wording: string;
  sha256: string;
  /** False for an earlier version, which printed cards may still carry. */
  live: boolean;
}

/** Every text version that is or was live and is not blocked; newest version of a text first. */
export async function loadUsedTexts(db: Db, now: string): Promise<AskableText[]> {
  const rows = await db
    .selectFrom('consent_text_versions as version')
    .innerJoin('consent_texts as text', 'text.id', 'version.text_id')
    .innerJoin('purposes', 'purposes.id', 'text.purpose_id')
    .select(['version.id', 'version.major', 'version.minor', 'version.wording', 'version.sha256'])
    .select([
      'text.channel',
      'text.locale',
      'text.live_version_id',
      'purposes.id as purpose_id',
      'purposes.key',
    ])
    .where('version.live_from', '<=', now)
    .where(isAskable('version'))
    .where('purposes.retired_at', 'is', null)
    .orderBy('purposes.position')
    .orderBy('text.channel')
    .orderBy('text.locale')
    .orderBy('version.major', 'desc')
    .orderBy('version.minor', 'desc')
    .execute();
  return rows.map((row) => ({
    ref: `${row.key}/${row.channel}/${row.locale}@${row.major}.${row.minor}`,
    purposeId: row.purpose_id,
    purpose: row.key,
    channel: row.channel,
    locale: row.locale,
    wording: row.wording,
    sha256: row.sha256,
    live: row.id === row.live_version_id,
  }));
}

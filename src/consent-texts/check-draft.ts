import type { Db } from '#db/connect.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import { canonicalWording } from './canonical-wording.ts';
import { type Check, checkVersion } from './check-version.ts';
import { maxWordingLength } from './save-draft.ts';
import type { TextPlace } from './text-place.ts';
import { findOpenVersion } from './text-version.ts';

/** Checks a wording that is not saved yet. `undefined` if there is no such text. */
export async function checkDraft(
  db: Db,
  place: TextPlace,
  typed: string,
  reader: Locale,
): Promise<(Check & { wording: string }) | undefined> {
  const text = await db
    .selectFrom('consent_texts')
    .innerJoin('purposes', 'purposes.id', 'consent_texts.purpose_id')
    .select(['consent_texts.id', 'consent_texts.purpose_id'])
    .where('purposes.key', '=', place.purpose)
    .where('consent_texts.channel', '=', place.channel)
    .where('consent_texts.locale', '=', place.locale)
    .executeTakeFirst();
  if (!text) return undefined;
  const wording = canonicalWording(typed).slice(0, maxWordingLength);
  const open = await findOpenVersion(db, text.id);
  const version = {
    ...place,
    id: '',
    purpose_id: text.purpose_id,
    wording,
    names: '{}',
    approved_at: null,
    overrides: open?.overrides ?? '[]',
    acknowledged: open?.acknowledged ?? '[]',
  };
  return { wording, ...(await checkVersion(db, version, reader)) };
}

import type { Db, Tx } from '#db/connect.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';

/** What depends on a purpose. */
export interface PurposeUses {
  /** Number of granted permissions. */
  granted: number;
  liveTexts: { channel: Channel; locale: Locale; number: string }[];
  /** Keys of open forms that ask for it. */
  forms: string[];
}

export async function purposeUses(db: Db | Tx, purposeId: string): Promise<PurposeUses> {
  const texts = await db
    .selectFrom('consent_texts')
    .innerJoin('consent_text_versions as version', 'version.id', 'consent_texts.live_version_id')
    .select(['consent_texts.channel', 'consent_texts.locale', 'version.major', 'version.minor'])
    .where('consent_texts.purpose_id', '=', purposeId)
    .orderBy('consent_texts.channel')
    .orderBy('consent_texts.locale')
    .execute();
  return {
    granted: await grantedUnder(db, purposeId),
    liveTexts: texts.map(({ channel, locale, major, minor }) => ({
      channel,
      locale,
      number: `${major}.${minor}`,
    })),
    forms: await formsAsking(db, purposeId),
  };
}

/** Reads counters per text version, so that it is fast with a million permissions. */
async function grantedUnder(db: Db | Tx, purposeId: string): Promise<number> {
  const versions = db
    .selectFrom('consent_text_versions')
    .innerJoin('consent_texts', 'consent_texts.id', 'consent_text_versions.text_id')
    .select('consent_text_versions.id')
    .where('consent_texts.purpose_id', '=', purposeId);
  const counted = await db
    .selectFrom('permission_counts')
    .select((eb) => eb.fn.sum('count').as('total'))
    .where('state', '=', 'granted')
    .where('text_version_id', 'in', versions)
    .executeTakeFirst();
  const since = await db
    .selectFrom('permission_count_changes')
    .select((eb) => eb.fn.sum('change').as('total'))
    .where('state', '=', 'granted')
    .where('text_version_id', 'in', versions)
    .executeTakeFirst();
  return Number(counted?.total ?? 0) + Number(since?.total ?? 0);
}

async function formsAsking(db: Db | Tx, purposeId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('forms')
    .innerJoin('form_versions', 'form_versions.id', 'forms.current_version_id')
    .select(['forms.key', 'form_versions.definition'])
    .where('forms.closed_at', 'is', null)
    .where('forms.archived_at', 'is', null)
    .orderBy('forms.key')
    .execute();
  return rows
    .filter(({ definition }) => {
      const { consents } = JSON.parse(definition) as { consents: { purpose_id: string }[] };
      return consents.some((consent) => consent.purpose_id === purposeId);
    })
    .map(({ key }) => key);
}

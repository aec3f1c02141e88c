import type { Db, Tx } from '#db/connect.ts';
import type { Channel, Locale } from '#db/schema.ts';

/** A form that is open to the public, with the texts it shows. */
export interface LiveForm {
  id: string;
  key: string;
  locales: Locale[];
  /** `product-news:email` */
  consents: string[];
}

/** The open forms that ask for this purpose on this channel, whatever the language. */
export async function liveFormsAsking(
  db: Db | Tx,
  asked: { purpose: string; channel: Channel },
): Promise<LiveForm[]> {
  const forms = await liveForms(db);
  return forms.filter((form) => form.consents.includes(`${asked.purpose}:${asked.channel}`));
}

export async function liveForms(db: Db | Tx): Promise<LiveForm[]> {
  const rows = await db
    .selectFrom('forms')
    .innerJoin('form_versions', 'form_versions.id', 'forms.current_version_id')
    .select(['forms.id', 'forms.key', 'form_versions.definition'])
    .where('forms.closed_at', 'is', null)
    .where('forms.archived_at', 'is', null)
    .orderBy('forms.key')
    .execute();
  return rows.map(({ id, key, definition }) => {
    const { locales, consents } = JSON.parse(definition) as {
      locales: Locale[];
      consents: { value: string }[];
    };
    return { id, key, locales, consents: consents.map(({ value }) => value) };
  });
}

/** The languages in which open forms show this text. */
export function localesOf(forms: LiveForm[]): Locale[] {
  return [...new Set(forms.flatMap((form) => form.locales))].sort();
}

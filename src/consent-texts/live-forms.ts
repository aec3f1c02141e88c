import type { Db, Tx } from '#db/connect.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';

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

/** Includes paused boxes, because they return when they have a usable text. */
export async function liveForms(db: Db | Tx): Promise<LiveForm[]> {
  const rows = await db
    .selectFrom('forms')
    .innerJoin('form_versions', 'form_versions.id', 'forms.current_version_id')
    .select(['forms.id', 'forms.key', 'forms.closed_at', 'form_versions.definition'])
    .where('forms.archived_at', 'is', null)
    .orderBy('forms.key')
    .execute();
  const paused = await db
    .selectFrom('paused_boxes')
    .select(['form_id', 'value', 'closed_form'])
    .orderBy('position')
    .execute();
  return rows.flatMap(({ id, key, closed_at, definition }) => {
    const own = paused.filter(({ form_id }) => form_id === id);
    // A form that was closed because it had no box reopens automatically; one closed by a person does not.
    if (closed_at !== null && !own.some(({ closed_form }) => closed_form === 1)) return [];
    const { locales, consents } = JSON.parse(definition) as {
      locales: Locale[];
      consents: { value: string }[];
    };
    const values = [...consents, ...own].map(({ value }) => value);
    return [{ id, key, locales, consents: [...new Set(values)] }];
  });
}

/** The languages in which open forms show this text. */
export function localesOf(forms: LiveForm[]): Locale[] {
  return [...new Set(forms.flatMap((form) => form.locales))].sort();
}

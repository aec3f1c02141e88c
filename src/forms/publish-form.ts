import { createHash } from 'node:crypto';
import type { Db, Tx } from '#db/connect.ts';
import type { Channel, Locale } from '#db/schema.ts';
import { newId } from '#src/ids.ts';
import type { FormConsent, FormDefinition } from './form-definition.ts';

/** What a marketer decides; the words come from the texts that are live. */
export interface FormDraft {
  locales: Locale[];
  fields: FormDefinition['fields'];
  /** Boxes in their order: `product-news:email`. */
  consents: string[];
  words: FormDefinition['words'];
}

/**
 * Freezes what the form shows from now on. Throws when a text is missing in one of the languages:
 * nothing is asked in words that are not live.
 */
export async function publishForm(tx: Tx, formId: string, draft: FormDraft, at: string): Promise<string> {
  const form = await tx
    .selectFrom('forms')
    .innerJoin('controllers', 'controllers.id', 'forms.controller_id')
    .selectAll('controllers')
    .select('forms.key as form')
    .where('forms.id', '=', formId)
    .executeTakeFirstOrThrow();
  const last = await tx
    .selectFrom('form_versions')
    .select((eb) => eb.fn.max('number').as('number'))
    .where('form_id', '=', formId)
    .executeTakeFirst();
  const {
    form: key,
    created_at: _1,
    mails_after_withdrawal: _2,
    key: _3,
    revision: _4,
    ...controller
  } = form;
  const definition: FormDefinition = {
    form: key,
    number: Number(last?.number ?? 0) + 1,
    locales: draft.locales,
    controller,
    fields: draft.fields,
    consents: [],
    words: draft.words,
  };
  for (const value of draft.consents) definition.consents.push(await frozenConsent(tx, value, draft.locales));
  const json = JSON.stringify(definition);
  const id = newId();
  await tx
    .insertInto('form_versions')
    .values({
      id,
      form_id: formId,
      number: definition.number,
      definition: json,
      sha256: createHash('sha256').update(json).digest('hex'),
      published_at: at,
    })
    .execute();
  await tx.updateTable('forms').set({ current_version_id: id }).where('id', '=', formId).execute();
  return id;
}

async function frozenConsent(db: Db, value: string, locales: Locale[]): Promise<FormConsent> {
  const [key, channel] = value.split(':') as [string, Channel];
  const purpose = await db
    .selectFrom('purposes')
    .select(['id', 'key'])
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  const translations = await db
    .selectFrom('purpose_translations')
    .selectAll()
    .where('purpose_id', '=', purpose.id)
    .execute();
  const third_parties = await db
    .selectFrom('purpose_third_parties')
    .select(['name', 'place', 'line_of_business'])
    .where('purpose_id', '=', purpose.id)
    .orderBy('name')
    .execute();
  const live = await db
    .selectFrom('consent_texts')
    .innerJoin('consent_text_versions', 'consent_text_versions.id', 'consent_texts.live_version_id')
    .selectAll('consent_text_versions')
    .select('consent_texts.locale')
    .where('consent_texts.purpose_id', '=', purpose.id)
    .where('consent_texts.channel', '=', channel)
    .execute();
  const texts: Partial<FormConsent['texts']> = {};
  for (const locale of locales) {
    const text = live.find((row) => row.locale === locale);
    if (!text) throw new Error(`${key}/${channel} has no live text in "${locale}".`);
    const ref = `${key}/${channel}/${locale}@${text.major}.${text.minor}`;
    texts[locale] = { id: text.id, ref, wording: text.wording, sha256: text.sha256 };
  }
  const byLocale = (column: 'title' | 'promise') =>
    Object.fromEntries(translations.map((row) => [row.locale, row[column]])) as Record<Locale, string>;
  return {
    value,
    purpose_id: purpose.id,
    purpose: purpose.key,
    channel,
    titles: byLocale('title'),
    promises: byLocale('promise'),
    third_parties,
    texts: texts as FormConsent['texts'],
  };
}

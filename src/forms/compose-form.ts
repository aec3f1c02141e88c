import type { Db, Tx } from '#db/connect.ts';
import { locking } from '#db/locks.ts';
import type { ControllerTable } from '#db/schema/controllers.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { textBlock } from '#src/consent-texts/askable.ts';
import { inLocale } from '#src/i18n/locales.ts';
import { countryName } from '#src/i18n/names.ts';
import { translator } from '#src/i18n/translate.ts';
import type { FormConsent, FormDefinition } from './form-definition.ts';
import type { FormDraft } from './form-draft.ts';

export interface ComposedForm {
  /** Without boxes that have no live text. */
  definition: FormDefinition;
  /**
   * What is asked for and has no live words in one of the languages. `blocked`: it has, and legal has stopped them or
   * declared them invalid.
   */
  missing: { value: string; locale: Locale; blocked: boolean }[];
}

/** Composes a form from these choices, with the texts that are live and not blocked. */
export async function composeForm(
  db: Db | Tx,
  form: { id: string; number: number },
  draft: FormDraft,
): Promise<ComposedForm> {
  const { form: key, ...row } = await db
    .selectFrom('forms')
    .innerJoin('controllers', 'controllers.id', 'forms.controller_id')
    .selectAll('controllers')
    .select('forms.key as form')
    .where('forms.id', '=', form.id)
    .executeTakeFirstOrThrow();
  const {
    created_at: _1,
    mails_after_withdrawal: _2,
    key: _3,
    revision: _4,
    refuses_claimed: _5,
    ...controller
  } = row;
  const boxes: Box[] = [];
  for (const value of draft.consents) boxes.push(await composeBox(db, value, draft.locales));
  const words = draft.locales.map((locale) => {
    const { heading, intro } = inLocale(draft.words, locale);
    return [locale, { heading, intro, notice: noticeOf(controller, locale) }] as const;
  });
  return {
    missing: boxes.flatMap(({ missing }) => missing),
    definition: {
      form: key,
      number: form.number,
      locales: draft.locales,
      controller,
      fields: draft.fields,
      consents: boxes.flatMap(({ consent }) => (consent ? [consent] : [])),
      words: Object.fromEntries(words) as FormDefinition['words'],
      default_locale: draft.defaultLocale,
      sites: draft.sites,
      confirm_within_hours: draft.confirmWithinHours,
      theme: draft.theme,
      thanks: draft.thanks,
      source: draft.source,
      shown: {},
    },
  };
}

/**
 * Keeps the live words of these boxes from being stopped until the transaction ends, so that no form comes out with a
 * text that somebody is stopping at that moment. Before any lock of a form: who stops a text takes them in this order.
 */
export async function lockLiveTexts(tx: Tx, consents: string[]): Promise<void> {
  const places = consents.map((value) => value.split(':') as [string, Channel]);
  if (places.length === 0) return;
  const versions = tx
    .selectFrom('consent_text_versions')
    .select('consent_text_versions.id')
    .where('consent_text_versions.id', 'in', (eb) =>
      eb
        .selectFrom('consent_texts')
        .innerJoin('purposes', 'purposes.id', 'consent_texts.purpose_id')
        .select('consent_texts.live_version_id')
        .where(({ and, or, eb: is }) =>
          or(
            places.map(([key, channel]) =>
              and([is('purposes.key', '=', key), is('consent_texts.channel', '=', channel)]),
            ),
          ),
        )
        .where('consent_texts.live_version_id', 'is not', null)
        .$castTo<{ live_version_id: string }>(),
    )
    .orderBy('consent_text_versions.id');
  await locking(tx, versions, 'consent_text_versions').execute();
}

/** The required notice: how to withdraw, and who is responsible. Generated, so that no form can omit it. */
function noticeOf(
  controller: Pick<ControllerTable, 'legal_name' | 'address' | 'country' | 'privacy_email'>,
  locale: Locale,
): string {
  const t = translator(locale);
  const { legal_name: name, address, country, privacy_email: email } = controller;
  const abroad = country.toLowerCase() !== locale;
  const land = abroad ? `, ${countryName(country, locale)}` : '';
  return t('form.notice', { name, address: `${address}${land}`, email });
}

type Box = { consent?: FormConsent; missing: ComposedForm['missing'] };

async function composeBox(db: Db | Tx, value: string, locales: Locale[]): Promise<Box> {
  const [key, channel] = value.split(':') as [string, Channel];
  const purpose = await db
    .selectFrom('purposes')
    .select(['id', 'key'])
    .where('key', '=', key)
    .where('retired_at', 'is', null)
    .executeTakeFirst();
  if (!purpose) return { missing: locales.map((locale) => ({ value, locale, blocked: false })) };
  const { texts, blocked } = await liveTexts(db, purpose, channel);
  const missing = locales
    .filter((locale) => !texts[locale])
    .map((locale) => ({ value, locale, blocked: blocked.includes(locale) }));
  if (missing.length > 0) return { missing };
  const asked = Object.fromEntries(locales.map((locale) => [locale, texts[locale]]));
  const consent: FormConsent = {
    value,
    purpose_id: purpose.id,
    purpose: purpose.key,
    channel,
    ...(await wordsAround(db, purpose.id)),
    texts: asked as FormConsent['texts'],
  };
  return { consent, missing: [] };
}

async function wordsAround(db: Db | Tx, purposeId: string) {
  const translations = await db
    .selectFrom('purpose_translations')
    .selectAll()
    .where('purpose_id', '=', purposeId)
    .execute();
  const third_parties = await db
    .selectFrom('purpose_third_parties')
    .select(['name', 'place', 'line_of_business'])
    .where('purpose_id', '=', purposeId)
    .orderBy('name')
    .execute();
  const byLocale = (column: 'title' | 'promise') =>
    Object.fromEntries(translations.map((row) => [row.locale, row[column]])) as Record<Locale, string>;
  return { titles: byLocale('title'), promises: byLocale('promise'), third_parties };
}

async function liveTexts(
  db: Db | Tx,
  purpose: { id: string; key: string },
  channel: Channel,
): Promise<{ texts: Partial<FormConsent['texts']>; blocked: Locale[] }> {
  const rows = await db
    .selectFrom('consent_texts')
    .innerJoin('consent_text_versions', 'consent_text_versions.id', 'consent_texts.live_version_id')
    .selectAll('consent_text_versions')
    .select('consent_texts.locale')
    .where('consent_texts.purpose_id', '=', purpose.id)
    .where('consent_texts.channel', '=', channel)
    .execute();
  const askable = rows.filter((row) => !textBlock(row));
  const texts = Object.fromEntries(
    askable.map(({ id, locale, major, minor, wording, sha256 }) => {
      const ref = `${purpose.key}/${channel}/${locale}@${major}.${minor}`;
      return [locale, { id, ref, wording, sha256 }];
    }),
  );
  return { texts, blocked: rows.filter((row) => textBlock(row)).map(({ locale }) => locale) };
}

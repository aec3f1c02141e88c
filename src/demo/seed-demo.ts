import type { Tx } from '#db/connect.ts';
import {
  type DemoPurpose,
  demoController,
  demoData,
  demoForms,
  demoLiveFrom,
  demoOrigins,
  demoPurposes,
} from '#db/demo/demo-data.ts';
import { isUniqueViolation } from '#db/errors.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { canonicalWording, wordingHash } from '#src/consent-texts/canonical-wording.ts';
import { currentNames } from '#src/consent-texts/frozen-names.ts';
import { seedDemoKey } from '#src/exchange/api-keys.ts';
import { emptyDraft, type FormDraft } from '#src/forms/form-draft.ts';
import { publishForm } from '#src/forms/publish-form.ts';
import { defaultLocale, inLocale } from '#src/i18n/locales.ts';
import { newId } from '#src/ids/new-id.ts';
import { seedStaff } from '#src/staff/seed-staff.ts';

/** Fills an empty database with the demo of the contract. Refuses to do so in production. */
export async function seedDemo(app: App): Promise<boolean> {
  if (app.config.production) throw new Error('The demo is never seeded in production.');
  // Of two processes that start on one empty database the second finds the work done.
  return app.db
    .transaction()
    .execute((tx) => seedEmpty(tx, app))
    .catch((error) => (isUniqueViolation(error) ? false : Promise.reject(error)));
}

async function seedEmpty(tx: Tx, app: App): Promise<boolean> {
  const known = await tx.selectFrom('controllers').select('id').limit(1).executeTakeFirst();
  if (known) return false;
  const at = app.now().toISOString();
  const isEarlier = at < demoLiveFrom;
  await seedCompany(tx, at, isEarlier ? at : demoLiveFrom);
  await seedStaff(tx, app);
  await seedDemoKey(tx, at);
  return true;
}

/**
 * The company with its purposes, texts and forms, without anybody who works there.
 *
 * @param liveFrom since when its texts and its privacy notice are in use; not later than `at`
 */
export async function seedCompany(tx: Tx, at: string, liveFrom = at): Promise<void> {
  const controllerId = newId();
  await tx
    .insertInto('controllers')
    .values({
      ...demoController,
      id: controllerId,
      mails_after_withdrawal: 0,
      refuses_claimed: 0,
      revision: 1,
      created_at: at,
    })
    .execute();
  await tx
    .insertInto('privacy_notices')
    .values({
      id: newId(),
      controller_id: controllerId,
      version: demoController.privacy_version,
      url: demoController.privacy_url,
      valid_from: liveFrom,
      note: null,
      created_at: at,
    })
    .execute();
  for (const [position, purpose] of demoPurposes.entries()) {
    await addPurpose(tx, controllerId, purpose, position, at, liveFrom);
  }
  for (const form of demoForms) await addForm(tx, controllerId, form, at);
}

async function addPurpose(
  tx: Tx,
  controllerId: string,
  purpose: DemoPurpose,
  position: number,
  at: string,
  liveFrom: string,
): Promise<void> {
  const id = newId();
  await tx
    .insertInto('purposes')
    .values({
      id,
      controller_id: controllerId,
      key: purpose.key,
      position,
      proof_note: null,
      created_at: at,
      retired_at: null,
    })
    .execute();
  await tx
    .insertInto('purpose_translations')
    .values(
      Object.keys(purpose.titles).map((locale) => ({
        purpose_id: id,
        locale,
        title: inLocale(purpose.titles, locale),
        promise: inLocale(purpose.promises, locale),
        terms: JSON.stringify(inLocale(purpose.terms, locale)),
        data_categories: JSON.stringify(dataOf(purpose, locale)),
      })),
    )
    .execute();
  for (const party of purpose.thirdParties) {
    await tx
      .insertInto('purpose_third_parties')
      .values({ ...party, id: newId(), purpose_id: id })
      .execute();
  }
  for (const [channel, texts] of Object.entries(purpose.texts) as [Channel, Record<Locale, string>][]) {
    const frequency = purpose.frequencies[channel];
    await tx
      .insertInto('purpose_channels')
      .values({
        purpose_id: id,
        channel,
        frequency_times: frequency?.times ?? null,
        frequency_per: frequency?.per ?? null,
        flag_months: null,
        deny_months: null,
        non_use_note: null,
      })
      .execute();
    for (const [locale, wording] of Object.entries(texts)) {
      await addLiveText(tx, purpose, id, channel, locale, wording, liveFrom);
    }
  }
}

function dataOf(purpose: DemoPurpose, locale: Locale): string[] {
  const channels = Object.keys(purpose.texts) as Channel[];
  return [...new Set(channels.flatMap((channel) => inLocale(demoData[channel], locale)))];
}

async function addLiveText(
  tx: Tx,
  purpose: DemoPurpose,
  purposeId: string,
  channel: Channel,
  locale: Locale,
  words: string,
  at: string,
): Promise<void> {
  const textId = newId();
  const versionId = newId();
  const wording = canonicalWording(words);
  await tx
    .insertInto('consent_texts')
    .values({ id: textId, purpose_id: purposeId, channel, locale, live_version_id: versionId })
    .execute();
  await tx
    .insertInto('consent_text_versions')
    .values({
      id: versionId,
      text_id: textId,
      major: 1,
      minor: 0,
      wording,
      sha256: wordingHash(wording),
      state: 'live',
      names: JSON.stringify(
        await currentNames(tx, { purpose_id: purposeId, purpose: purpose.key, channel, locale }),
      ),
      approved_at: at,
      live_from: at,
      retired_at: null,
      invalidated_at: null,
      created_at: at,
    })
    .execute();
}

async function addForm(
  tx: Tx,
  controllerId: string,
  form: (typeof demoForms)[number],
  at: string,
): Promise<void> {
  const id = newId();
  await tx
    .insertInto('forms')
    .values({
      id,
      key: form.key,
      controller_id: controllerId,
      default_locale: defaultLocale,
      allowed_origins: JSON.stringify(demoOrigins),
      confirm_within_hours: 72,
      current_version_id: null,
      closed_at: null,
      created_at: at,
      archived_at: null,
    })
    .execute();
  const draft: FormDraft = {
    ...emptyDraft,
    locales: Object.keys(form.words),
    fields: [...form.fields],
    consents: [...form.consents],
    words: form.words,
    sites: demoOrigins,
  };
  await publishForm(tx, id, draft, at);
}

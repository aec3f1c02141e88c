import assert from 'node:assert/strict';
import type { Db } from '#db/connect.ts';
import { confirmSignupMail } from '#emails/confirm-signup.ts';
import { publicId } from '#src/ids/public-id.ts';
import { formTitles } from './form-titles.ts';
import { type Renderer, siteOf } from './rendered-mail.ts';

export const renderConfirmSignup: Renderer = async (app, mails) => {
  const items = await itemsOf(
    app.db,
    mails.flatMap(({ row }) => row.signup_id ?? []),
  );
  const titles = await formTitles(
    app.db,
    mails.flatMap(({ signup }) => signup?.form_version_id ?? []),
  );
  return mails.map(({ row, signup, address }) => {
    const all = items.filter((item) => item.signup_id === row.signup_id && item.title_locale === row.locale);
    const askable = all.filter((item) => item.stopped_at === null && item.invalidated_at === null);
    // A repeated batch contains the same mail, even if its texts were stopped since.
    const own = askable.length > 0 ? askable : all;
    const [controller] = own;
    assert(signup && controller, `mail ${row.id} asks to confirm a signup that asks for nothing`);
    const mail = confirmSignupMail({
      locale: row.locale,
      controller,
      address,
      site: siteOf(app),
      enteredOn: signup.entered_on ?? siteOf(app),
      form: signup.form_version_id && (titles.get(signup.form_version_id)?.[row.locale] ?? ''),
      requestedAt: signup.requested_at,
      expiresAt: signup.expires_at,
      purgeAt: signup.purge_at,
      codeExpiresAt: signup.form_id ? signup.code_expires_at : null,
      consents: own.map((item) => ({
        title: item.title,
        channel: item.channel,
        wording: item.wording,
        locale: item.locale,
        ref: `${item.purpose}/${item.channel}/${item.locale}@${item.major}.${item.minor}`,
      })),
      reference: publicId('signup', signup.id),
    });
    return { ...mail, replyTo: controller.privacy_email };
  });
};

async function itemsOf(db: Db, signupIds: string[]) {
  return db
    .selectFrom('signup_items')
    .innerJoin('purposes', 'purposes.id', 'signup_items.purpose_id')
    .innerJoin('purpose_translations', 'purpose_translations.purpose_id', 'purposes.id')
    .innerJoin('controllers', 'controllers.id', 'purposes.controller_id')
    .innerJoin('consent_text_versions as versions', 'versions.id', 'signup_items.text_version_id')
    .innerJoin('consent_texts', 'consent_texts.id', 'versions.text_id')
    .select([
      'signup_items.signup_id',
      'signup_items.channel',
      'purposes.key as purpose',
      'purpose_translations.title',
      'purpose_translations.locale as title_locale',
      'versions.wording',
      'versions.major',
      'versions.minor',
      'versions.stopped_at',
      'versions.invalidated_at',
      'consent_texts.locale',
      'controllers.legal_name',
      'controllers.privacy_email',
      'controllers.privacy_url',
      'controllers.privacy_version',
      'controllers.imprint',
    ])
    .where('signup_items.signup_id', 'in', signupIds)
    .orderBy('signup_items.position')
    .execute();
}

import { confirmSignupMail } from '#emails/confirm-signup.ts';
import type { Mail } from '#emails/layout.ts';
import type { App } from '#src/app/app.ts';
import type { DescribedText, DescribedVersion } from '#src/consent-texts/describe-text.ts';
import { textRef, versionNumber } from '#src/consent-texts/text-version.ts';
import type { FormConsent } from '#src/forms/form-definition.ts';
import { eachLocale } from '#src/i18n/locales.ts';
import { siteOf } from '#src/mail/rendered-mail.ts';
import type { PreferenceCell } from '#src/permissions/describe-preferences.ts';
import type { ReceiptFacts } from '#src/receipts/receipt-facts.ts';
import { recordOf } from '#src/receipts/record.ts';

const sample = { address: 'anna@example.org', masked: 'an••@example.org' };

/** `product-news/email/de@1.1`; a draft has no number yet. */
export function refOf(version: DescribedVersion): string {
  return `${textRef(version)}@${versionNumber(version) ?? version.state}`;
}

export function previewConsent(text: DescribedText, version: DescribedVersion): FormConsent {
  const words = { id: version.id, ref: refOf(version), wording: version.wording, sha256: version.sha256 };
  return {
    value: `${text.place.purpose}:${text.place.channel}`,
    purpose_id: version.purpose_id,
    purpose: text.place.purpose,
    channel: text.place.channel,
    titles: text.titles,
    promises: text.promises,
    third_parties: text.thirdParties,
    texts: eachLocale(() => words),
  };
}

export async function previewMail(app: App, text: DescribedText, version: DescribedVersion): Promise<Mail> {
  const controller = await app.db
    .selectFrom('controllers')
    .selectAll()
    .where('id', '=', version.controller_id)
    .executeTakeFirstOrThrow();
  const at = app.now().getTime();
  const inHours = (hours: number) => new Date(at + hours * 3_600_000).toISOString();
  const { locale } = text.place;
  const { channel, wording } = { ...text.place, ...version };
  return confirmSignupMail({
    locale,
    controller,
    address: sample.address,
    site: siteOf(app),
    enteredOn: siteOf(app),
    form: 'Newsletter',
    requestedAt: inHours(0),
    expiresAt: inHours(72),
    purgeAt: inHours(168),
    codeExpiresAt: inHours(0.5),
    consents: [{ title: text.titles[locale] ?? '', channel, wording, locale, ref: refOf(version) }],
    reference: 'sig_…',
  });
}

export function previewCell(app: App, text: DescribedText, version: DescribedVersion): PreferenceCell {
  const { ref, wording, sha256, locale } = wordsOf(text, version);
  const since = app.now().toISOString();
  const stands = { channel: text.place.channel, state: 'granted', settledState: 'granted', since } as const;
  return {
    permissionId: null,
    field: 'preview',
    purpose: text.place.purpose,
    title: text.titles[text.place.locale] ?? '',
    promise: text.promises[text.place.locale] ?? '',
    thirdParties: text.thirdParties,
    ...stands,
    contactPoint: sample.masked,
    lapsed: false,
    textInvalid: false,
    asked: false,
    verified: true,
    evidenceGrade: 'A',
    text: { ref, wording, sha256, locale },
    askText: null,
    canAsk: true,
    ground: { ...stands, title: text.titles[text.place.locale] ?? '', basis: 'consent' },
  };
}

/** The record of a receipt, with a made-up person. */
export async function previewRecord(app: App, text: DescribedText, version: DescribedVersion) {
  const { purpose, channel, locale } = text.place;
  const controller = await app.db
    .selectFrom('controllers')
    .selectAll()
    .where('id', '=', version.controller_id)
    .executeTakeFirstOrThrow();
  const { key, legal_name: legalName, address, country, privacy_email: privacyEmail } = controller;
  const at = app.now().toISOString();
  const notice = { version: controller.privacy_version, url: controller.privacy_url };
  const facts: ReceiptFacts = {
    locale,
    id: '…',
    permissionId: 'per_…',
    personId: '…',
    controller: { id: controller.id, key, legalName, address, country, privacyEmail, notice },
    purpose: {
      key: purpose,
      title: text.titles[locale] ?? '',
      promise: text.promises[locale] ?? '',
      proofYears: 3,
    },
    channel,
    contactPoint: { id: '…', typed: sample.address, normalised: sample.address },
    thirdParties: text.thirdParties,
    state: 'granted',
    answer: '',
    since: at,
    validUntil: null,
    basis: 'consent',
    grade: 'A',
    verified: true,
    text: wordsOf(text, version),
    ground: [],
    events: [
      {
        id: '…',
        kind: 'confirmed',
        occurredAt: at,
        basis: 'consent',
        origin: 'confirmation',
        by: 'person',
        aboutRequest: true,
        method: null,
      },
    ],
  };
  return recordOf(facts, app.config.baseUrl);
}

function wordsOf(text: DescribedText, version: DescribedVersion) {
  const { id, wording, sha256, invalidated_at: invalidatedAt } = version;
  return { id, ref: refOf(version), wording, sha256, locale: text.place.locale, invalidatedAt };
}

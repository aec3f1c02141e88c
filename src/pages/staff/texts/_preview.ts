import { confirmSignupMail } from '#emails/confirm-signup.ts';
import type { Mail } from '#emails/layout.ts';
import type { App } from '#src/app/app.ts';
import type { DescribedText, DescribedVersion } from '#src/consent-texts/describe-text.ts';
import { textRef, versionNumber } from '#src/consent-texts/text-version.ts';
import { receiptLine } from '#src/dossiers/receipt.ts';
import type { FormConsent } from '#src/forms/form-definition.ts';
import { eachLocale } from '#src/i18n/locales.ts';
import type { MatrixCell } from '#src/ledger/permission-matrix.ts';
import { siteOf } from '#src/mail/rendered-mail.ts';
import type { PreferenceCell } from '#src/permissions/describe-preferences.ts';

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

export function previewReceipt(app: App, text: DescribedText, version: DescribedVersion) {
  const cell: MatrixCell = {
    controllerId: version.controller_id,
    purposeId: version.purpose_id,
    purpose: text.place.purpose,
    title: text.titles[text.place.locale] ?? '',
    promise: text.promises[text.place.locale] ?? '',
    thirdParties: text.thirdParties,
    channel: text.place.channel,
    contactPointId: null,
    contactPoint: sample.address,
    permissionId: null,
    state: 'granted',
    settledState: 'granted',
    asked: false,
    since: app.now().toISOString(),
    basis: 'consent',
    evidenceGrade: 'A',
    verified: true,
    text: wordsOf(text, version),
  };
  return receiptLine(cell);
}

function wordsOf(text: DescribedText, version: DescribedVersion) {
  const { id, wording, sha256, invalidated_at: invalidatedAt } = version;
  return { id, ref: refOf(version), wording, sha256, locale: text.place.locale, invalidatedAt };
}

import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { companyName, isFeminine } from '#src/i18n/company-name.ts';
import { dateText, exactTimeText } from '#src/i18n/dates.ts';
import { translator } from '#src/i18n/translate.ts';
import type { Block } from './blocks.ts';
import { gapFor } from './gaps.ts';
import { layOut, type Mail, type MailController } from './layout.ts';

export interface ConfirmSignupMail {
  locale: Locale;
  controller: MailController;
  /** The address that was entered. The mail contains nothing else from the form. */
  address: string;
  /** Where the link leads. */
  site: string;
  /** Where it was entered: the site, and the title of the form; null for the preference centre. */
  enteredOn: string;
  form: string | null;
  requestedAt: string;
  expiresAt: string;
  purgeAt: string;
  /** Null if there is no page to enter the code. */
  codeExpiresAt: string | null;
  consents: { title: string; channel: Channel; wording: string; locale: Locale; ref: string }[];
  reference: string;
}

/** Asks the owner of a mailbox to confirm. Contains only what law.md 3.6 and 7.3 list, because it must not advertise. */
export function confirmSignupMail(mail: ConfirmSignupMail): Mail {
  const { locale, controller, consents, reference } = mail;
  const t = translator(locale);
  const count = consents.length;
  const title = consents[0]?.title ?? '';
  const blocks: Block[] = [
    { block: 'lead', text: t('mail.confirm_signup.lead') },
    { block: 'paragraph', text: t('mail.hello') },
    { block: 'paragraph', text: enteredText(mail) },
    ...consents.map((consent) => consentBlock(consent, locale)),
    { block: 'paragraph', text: t('mail.confirm_signup.was_that_you') },
    { block: 'action', label: t('mail.confirm_signup.action', { count }), url: gapFor('confirmUrl', locale) },
    {
      block: 'paragraph',
      text: t('mail.confirm_signup.valid_until', {
        until: exactTimeText(mail.expiresAt, locale),
        site: mail.site,
      }),
    },
    ...codeBlocks(mail),
    { block: 'heading', text: t('mail.confirm_signup.not_you') },
    {
      block: 'paragraph',
      text: t('mail.confirm_signup.ignore', { at: dateText(mail.purgeAt, locale) }),
    },
    { block: 'paragraph', text: t('mail.confirm_signup.tell_us') },
    { block: 'paragraph', text: t('mail.confirm_signup.withdraw', { email: controller.privacy_email }) },
  ];
  return layOut({
    locale,
    subject: t('mail.confirm_signup.subject', {
      count,
      title,
      company: companyName(controller.legal_name, locale),
      gender: isFeminine(controller.legal_name) ? 'feminine' : 'other',
    }),
    title: t('mail.confirm_signup.title', { count }),
    blocks,
    controllers: [controller],
    reference,
  });
}

/** When and where the address was entered. The page may have had no title. */
function enteredText(mail: ConfirmSignupMail): string {
  const { locale, form, consents, controller } = mail;
  const t = translator(locale);
  const values = {
    at: exactTimeText(mail.requestedAt, locale),
    place: mail.enteredOn,
    address: mail.address,
    count: consents.length,
    company: companyName(controller.legal_name, locale),
  };
  if (form === null) return t('mail.confirm_signup.entered.preferences', values);
  return form
    ? t('mail.confirm_signup.entered.form', { ...values, form })
    : t('mail.confirm_signup.entered', values);
}

function consentBlock(consent: ConfirmSignupMail['consents'][number], locale: Locale): Block {
  const t = translator(locale);
  return {
    block: 'consent',
    title: `${consent.title}, ${t(`mail.by_channel.${consent.channel}`)}`,
    wording: consent.wording,
    locale: consent.locale,
    source: t('mail.confirm_signup.text', { ref: consent.ref }),
  };
}

function codeBlocks({ locale, codeExpiresAt }: ConfirmSignupMail): Block[] {
  if (!codeExpiresAt) return [];
  const until = exactTimeText(codeExpiresAt, locale);
  return [
    { block: 'paragraph', text: translator(locale)('mail.confirm_signup.code', { until }) },
    { block: 'code', code: gapFor('confirmCode', locale) },
  ];
}

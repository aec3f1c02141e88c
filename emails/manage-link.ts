import type { Locale } from '#db/schema/vocabulary.ts';
import { companyName } from '#src/i18n/company-name.ts';
import { exactTimeText } from '#src/i18n/dates.ts';
import { translator } from '#src/i18n/translate.ts';
import { gapFor } from './gaps.ts';
import { layOut, type Mail, type MailController } from './layout.ts';

export interface ManageLinkMail {
  locale: Locale;
  controllers: MailController[];
  /** The link was requested, or someone signed up for what was granted already. */
  because: 'asked' | 'already_granted';
  site: string;
  at: string;
  /** Until when the link shows history and own data as well. */
  freshUntil: string;
  reference: string;
}

/** Sends the link to the preference centre. */
export function manageLinkMail(params: ManageLinkMail): Mail {
  const { locale, because, controllers, site, at, freshUntil, reference } = params;
  const t = translator(locale);
  const [only, ...others] = controllers;
  const title = t('mail.manage_link.title');
  return layOut({
    locale,
    subject:
      only && others.length === 0
        ? t('mail.manage_link.subject', { company: companyName(only.legal_name, locale) })
        : title,
    title,
    blocks: [
      { block: 'paragraph', text: t('mail.hello') },
      {
        block: 'paragraph',
        text: t(`mail.manage_link.${because}`, { at: exactTimeText(at, locale), site }),
      },
      { block: 'action', label: t('mail.manage_link.action'), url: gapFor('manageUrl', locale) },
      { block: 'paragraph', text: t('mail.manage_link.fresh', { until: exactTimeText(freshUntil, locale) }) },
      { block: 'paragraph', text: t('mail.manage_link.keep') },
      { block: 'heading', text: t('mail.manage_link.not_you') },
      { block: 'paragraph', text: t('mail.manage_link.ignore') },
    ],
    controllers,
    reference,
  });
}

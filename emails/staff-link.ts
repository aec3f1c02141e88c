import type { Locale } from '#db/schema/vocabulary.ts';
import { exactTimeText } from '#src/i18n/dates.ts';
import { translator } from '#src/i18n/translate.ts';
import { gapFor } from './gaps.ts';
import { layOut, type Mail, type MailController } from './layout.ts';

export interface StaffLinkMail {
  locale: Locale;
  kind: 'staff-invitation' | 'staff-password-reset';
  controllers: MailController[];
  site: string;
  validUntil: string;
  reference: string;
}

/** Sends a staff member the link to choose a password. */
export function staffLinkMail({
  locale,
  kind,
  controllers,
  site,
  validUntil,
  reference,
}: StaffLinkMail): Mail {
  const t = translator(locale);
  const occasion = kind === 'staff-invitation' ? 'invitation' : 'password_reset';
  const subject = t(`mail.staff_link.${occasion}.subject`, { site });
  return layOut({
    locale,
    subject,
    title: subject,
    blocks: [
      { block: 'paragraph', text: t('mail.hello') },
      { block: 'paragraph', text: t(`mail.staff_link.${occasion}.why`, { site }) },
      { block: 'action', label: t('mail.staff_link.action'), url: gapFor('staffUrl', locale) },
      { block: 'paragraph', text: t('mail.staff_link.until', { until: exactTimeText(validUntil, locale) }) },
      { block: 'paragraph', text: t(`mail.staff_link.${occasion}.ignore`) },
    ],
    controllers,
    reference,
  });
}

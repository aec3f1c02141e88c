import type { Locale } from '#db/schema/vocabulary.ts';
import { exactTimeText } from '#src/i18n/dates.ts';
import { translator } from '#src/i18n/translate.ts';
import { layOut, type Mail, type MailController } from './layout.ts';

export interface StaffKeyWaitingMail {
  locale: Locale;
  controllers: MailController[];
  site: string;
  /** The name of the key, and of the person who created it. */
  keyName: string;
  maker: string;
  /** When it was created, ISO. */
  madeAt: string;
  /** Its review page. */
  url: string;
  reference: string;
}

/** Asks staff to approve an API key that needs a second person. */
export function staffKeyWaitingMail(params: StaffKeyWaitingMail): Mail {
  const { locale, controllers, reference, url, site, keyName, maker, madeAt } = params;
  const t = translator(locale);
  const subject = t('mail.staff_key_waiting.subject', { site });
  return layOut({
    locale,
    subject,
    title: subject,
    blocks: [
      { block: 'paragraph', text: t('mail.hello') },
      {
        block: 'paragraph',
        text: t('mail.staff_key_waiting.why', {
          maker,
          at: exactTimeText(madeAt, locale),
          site,
          key: keyName,
        }),
      },
      { block: 'action', label: t('mail.staff_key_waiting.action'), url },
      { block: 'paragraph', text: t('mail.staff_key_waiting.who') },
    ],
    controllers,
    reference,
  });
}

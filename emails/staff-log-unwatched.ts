import type { Locale } from '#db/schema/vocabulary.ts';
import { exactTimeText } from '#src/i18n/dates.ts';
import { translator } from '#src/i18n/translate.ts';
import { layOut, type Mail, type MailController } from './layout.ts';

export interface StaffLogUnwatchedMail {
  locale: Locale;
  controllers: MailController[];
  site: string;
  /** The name of the witness; undefined for the time-stamping service. */
  witness: string | undefined;
  /** One sentence, in English, as in the log of the process. */
  problem: string;
  /** Since when it fails, ISO. */
  since: string;
  /** The page that shows the log. */
  url: string;
  reference: string;
}

/** Tells administrators that nobody outside has confirmed the transparency log for hours. */
export function staffLogUnwatchedMail(params: StaffLogUnwatchedMail): Mail {
  const { locale, controllers, reference, url, site, witness, problem, since } = params;
  const t = translator(locale);
  const subject = t('mail.staff_log_unwatched.subject', { site });
  const at = exactTimeText(since, locale);
  const why =
    witness === undefined
      ? t('mail.staff_log_unwatched.stamp', { at, site })
      : t('mail.staff_log_unwatched.witness', { at, site, name: witness });
  return layOut({
    locale,
    subject,
    title: subject,
    blocks: [
      { block: 'paragraph', text: t('mail.hello') },
      { block: 'paragraph', text: why },
      { block: 'paragraph', text: t('mail.staff_log_unwatched.problem', { problem }) },
      { block: 'action', label: t('mail.staff_log_unwatched.action'), url },
      { block: 'paragraph', text: t('mail.staff_log_unwatched.what') },
    ],
    controllers,
    reference,
  });
}

import type { Locale } from '#db/schema.ts';
import { exactTimeText } from '#src/i18n/dates.ts';
import { gaps } from './gaps.ts';
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
export function staffLinkMail(params: StaffLinkMail): Mail {
  const { locale, controllers, reference } = params;
  const say = words[locale](params);
  return layOut({
    locale,
    subject: say.subject,
    title: say.subject,
    blocks: [
      { block: 'paragraph', text: say.hello },
      { block: 'paragraph', text: say.why },
      { block: 'action', label: say.action, url: gaps[locale].staffUrl },
      { block: 'paragraph', text: say.until },
      { block: 'paragraph', text: say.ignore },
    ],
    controllers,
    reference,
  });
}

const words = { de: german, en: english };

function german({ kind, site, validUntil }: StaffLinkMail) {
  const invited = kind === 'staff-invitation';
  return {
    subject: invited ? `Ihr Zugang zu Jawort auf ${site}` : `Neues Passwort für Jawort auf ${site}`,
    hello: 'Guten Tag,',
    why: invited
      ? `Sie wurden eingeladen, auf ${site} mit Jawort zu arbeiten. Wählen Sie dafür Ihr Passwort:`
      : `für Ihren Zugang auf ${site} wurde ein neues Passwort angefordert. Hier können Sie es wählen:`,
    action: 'Passwort wählen',
    until: `Der Link gilt einmal, bis ${exactTimeText(validUntil, 'de')}.`,
    ignore: invited
      ? 'Wenn Sie diese E-Mail nicht erwartet haben, müssen Sie nichts tun.'
      : 'Wenn Sie das nicht waren, müssen Sie nichts tun. Ihr Passwort bleibt unverändert.',
  };
}

function english({ kind, site, validUntil }: StaffLinkMail): ReturnType<typeof german> {
  const invited = kind === 'staff-invitation';
  return {
    subject: invited ? `Your access to Jawort on ${site}` : `New password for Jawort on ${site}`,
    hello: 'Hello,',
    why: invited
      ? `You were invited to work with Jawort on ${site}. Choose your password here:`
      : `A new password was requested for your account on ${site}. You can choose it here:`,
    action: 'Choose a password',
    until: `The link works once, until ${exactTimeText(validUntil, 'en')}.`,
    ignore: invited
      ? 'If you did not expect this e-mail, you can ignore it.'
      : 'If that was not you, you can ignore this e-mail. Your password stays the same.',
  };
}

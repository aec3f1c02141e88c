import type { Locale } from '#db/schema.ts';
import { exactTimeText } from '#src/i18n/dates.ts';
import { gaps } from './gaps.ts';
import { layOut, type Mail, type MailController } from './layout.ts';
import { companyAfter } from './words.ts';

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
  const { locale, because, controllers, reference } = params;
  const say = words[locale](params);
  return layOut({
    locale,
    subject: say.subject,
    title: say.title,
    blocks: [
      { block: 'paragraph', text: say.hello },
      { block: 'paragraph', text: because === 'asked' ? say.asked : say.alreadyGranted },
      { block: 'action', label: say.action, url: gaps[locale].manageUrl },
      { block: 'paragraph', text: say.fresh },
      { block: 'paragraph', text: say.keep },
      { block: 'heading', text: say.notYou },
      { block: 'paragraph', text: say.ignore },
    ],
    controllers,
    reference,
  });
}

const words = { de: german, en: english };

function german({ controllers, site, at, freshUntil }: ManageLinkMail) {
  const company = controllers.length === 1 ? ` ${companyAfter('bei', controllers[0]?.legal_name ?? '')}` : '';
  const when = `am ${exactTimeText(at, 'de')} wurde auf ${site}`;
  return {
    subject: `Ihr Link zu Ihren Einwilligungen${company}`,
    title: 'Ihr Link zu Ihren Einwilligungen',
    hello: 'Guten Tag,',
    asked: `${when} für diese E-Mail-Adresse ein Link zu den Einwilligungen angefordert. Hier können Sie alles ansehen, ändern und widerrufen:`,
    alreadyGranted: `${when} diese E-Mail-Adresse eingetragen. Alles, was dort angekreuzt wurde, haben Sie schon früher bestätigt. Es ändert sich nichts, und Sie müssen nichts tun. Hier können Sie alles ansehen, ändern und widerrufen:`,
    action: 'Meine Einwilligungen ansehen',
    fresh: `Bis ${exactTimeText(freshUntil, 'de')} zeigt die Seite auch den Verlauf und Ihre Daten. Danach können Sie mit demselben Link weiter ansehen, ändern und widerrufen.`,
    keep: 'Bitte geben Sie diese E-Mail nicht weiter: Wer den Link hat, kann Ihre Einwilligungen ändern.',
    notYou: 'Sie waren das nicht?',
    ignore: 'Dann müssen Sie nichts tun. Es wurde nichts geändert.',
  };
}

function english({ controllers, site, at, freshUntil }: ManageLinkMail): ReturnType<typeof german> {
  const company = controllers.length === 1 ? ` with ${controllers[0]?.legal_name}` : '';
  const when = `On ${exactTimeText(at, 'en')}`;
  return {
    subject: `Your link to your consents${company}`,
    title: 'Your link to your consents',
    hello: 'Hello,',
    asked: `${when} a link to the consents for this e-mail address was requested on ${site}. Here you can see, change and withdraw everything:`,
    alreadyGranted: `${when} this e-mail address was entered on ${site}. You had already confirmed everything that was ticked there. Nothing changes, and you don’t need to do anything. Here you can see, change and withdraw everything:`,
    action: 'View my consents',
    fresh: `Until ${exactTimeText(freshUntil, 'en')} the page also shows the history and your data. After that the same link still lets you see, change and withdraw.`,
    keep: 'Please do not pass this e-mail on: anyone who has the link can change your consents.',
    notYou: 'Not you?',
    ignore: 'Then you can ignore this e-mail. Nothing was changed.',
  };
}

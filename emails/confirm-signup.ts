import type { Channel, Locale } from '#db/schema.ts';
import { dateText, exactTimeText } from '#src/i18n/dates.ts';
import type { Block } from './blocks.ts';
import { gaps } from './gaps.ts';
import { layOut, type Mail, type MailController } from './layout.ts';
import { byChannel, companyAfter, ofCompany } from './words.ts';

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
export function confirmSignupMail(params: ConfirmSignupMail): Mail {
  const { locale, controller, consents, reference } = params;
  const say = words[locale](params);
  const blocks: Block[] = [
    { block: 'lead', text: say.lead },
    { block: 'paragraph', text: say.hello },
    { block: 'paragraph', text: say.entered },
    ...consents.map(
      (consent): Block => ({
        block: 'consent',
        title: `${consent.title}, ${byChannel[locale][consent.channel]}`,
        wording: consent.wording,
        locale: consent.locale,
        source: `${say.text} ${consent.ref}`,
      }),
    ),
    { block: 'paragraph', text: say.wasThatYou },
    { block: 'action', label: say.action, url: gaps[locale].confirmUrl },
    { block: 'paragraph', text: say.validUntil },
    ...codeBlocks(params, say.code),
    { block: 'heading', text: say.notYou },
    { block: 'paragraph', text: say.ignore },
    { block: 'paragraph', text: say.tellUs },
    { block: 'paragraph', text: say.withdraw },
  ];
  return layOut({
    locale,
    subject: say.subject,
    title: say.title,
    blocks,
    controllers: [controller],
    reference,
  });
}

function codeBlocks({ locale, codeExpiresAt }: ConfirmSignupMail, say: (until: string) => string): Block[] {
  if (!codeExpiresAt) return [];
  return [
    { block: 'paragraph', text: say(exactTimeText(codeExpiresAt, locale)) },
    { block: 'code', code: gaps[locale].confirmCode },
  ];
}

const words = { de: german, en: english };

function german(mail: ConfirmSignupMail) {
  const { controller, consents, site, enteredOn, form } = mail;
  const name = controller.legal_name;
  const time = (iso: string) => exactTimeText(iso, 'de');
  const one = consents.length === 1;
  const asked = `${companyAfter('gegenüber', name)} ${one ? 'folgende Einwilligung' : 'folgende Einwilligungen'} erklärt:`;
  return {
    subject: one
      ? `Bitte bestätigen: ${consents[0]?.title} ${ofCompany(name)}`
      : `Bitte bestätigen: ${consents.length} Einwilligungen ${companyAfter('bei', name)}`,
    title: one ? 'Bitte bestätigen Sie diese Einwilligung' : 'Bitte bestätigen Sie diese Einwilligungen',
    lead: 'Ohne Ihre Bestätigung schicken wir Ihnen nichts.',
    hello: 'Guten Tag,',
    entered:
      form !== null
        ? `am ${time(mail.requestedAt)} wurde auf ${enteredOn}${form && ` (Formular „${form}“)`} die E-Mail-Adresse ${mail.address} eingetragen. Dabei ${one ? 'wurde' : 'wurden'} ${asked}`
        : `am ${time(mail.requestedAt)} ${one ? 'wurde' : 'wurden'} in den Einstellungen auf ${enteredOn} für die E-Mail-Adresse ${mail.address} ${asked}`,
    text: 'Text',
    wasThatYou: 'Waren Sie das? Dann bestätigen Sie bitte hier:',
    action: `${one ? 'Einwilligung' : 'Einwilligungen'} ansehen und bestätigen`,
    validUntil: `Der Link gilt bis ${time(mail.expiresAt)} und führt zu ${site}. Das Öffnen allein ändert noch nichts: Erst der Knopf auf der Seite bestätigt.`,
    code: (until: string) =>
      `Oder geben Sie diesen Code auf der Seite ein, die nach dem Absenden des Formulars erschien. Er gilt bis ${until}.`,
    notYou: 'Sie waren das nicht?',
    ignore: `Dann müssen Sie nichts tun. Ohne Bestätigung bekommen Sie dazu keine weitere E-Mail von uns, und wir löschen die Anfrage am ${dateText(mail.purgeAt, 'de')}.`,
    tellUs:
      'Sie können uns auch Bescheid geben: Auf der Seite hinter dem Link oben gibt es dafür den Knopf „Das war ich nicht“. Danach schicken wir keine solche Anfrage mehr an diese Adresse.',
    withdraw: `Eine erteilte Einwilligung können Sie jederzeit mit Wirkung für die Zukunft widerrufen, zum Beispiel formlos per E-Mail an ${controller.privacy_email}.`,
  };
}

function english(mail: ConfirmSignupMail): ReturnType<typeof german> {
  const { controller, consents, site, enteredOn, form } = mail;
  const name = controller.legal_name;
  const time = (iso: string) => exactTimeText(iso, 'en');
  const one = consents.length === 1;
  const place =
    form !== null ? `on ${enteredOn}${form && ` (form “${form}”)`}` : `in the preferences on ${enteredOn}`;
  return {
    subject: one
      ? `Please confirm: ${consents[0]?.title} from ${name}`
      : `Please confirm: ${consents.length} consents with ${name}`,
    title: one ? 'Please confirm this consent' : 'Please confirm these consents',
    lead: 'We send you nothing without your confirmation.',
    hello: 'Hello,',
    entered: `On ${time(mail.requestedAt)} the e-mail address ${mail.address} was entered ${place} with the following ${one ? 'consent' : 'consents'} given to ${name}:`,
    text: 'Text',
    wasThatYou: 'Was that you? Then please confirm here:',
    action: `View and confirm my ${one ? 'consent' : 'consents'}`,
    validUntil: `The link works until ${time(mail.expiresAt)} and leads to ${site}. Opening it changes nothing yet: only the button on the page confirms.`,
    code: (until: string) =>
      `Or enter this code on the page that appeared after you sent the form. It works until ${until}.`,
    notYou: 'Not you?',
    ignore: `Then you can ignore this e-mail. Without a confirmation you will get no further e-mail about this from us, and we delete the request on ${dateText(mail.purgeAt, 'en')}.`,
    tellUs:
      'You can also tell us: the page behind the link above has a button “That was not me”. After that we send no such request to this address again.',
    withdraw: `You can withdraw consent at any time with effect for the future, for example informally by e-mail to ${controller.privacy_email}.`,
  };
}

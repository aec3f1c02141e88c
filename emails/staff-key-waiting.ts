import type { Locale } from '#db/schema.ts';
import { exactTimeText } from '#src/i18n/dates.ts';
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
  const { locale, controllers, reference, url } = params;
  const say = words[locale](params);
  return layOut({
    locale,
    subject: say.subject,
    title: say.subject,
    blocks: [
      { block: 'paragraph', text: say.hello },
      { block: 'paragraph', text: say.why },
      { block: 'action', label: say.action, url },
      { block: 'paragraph', text: say.who },
    ],
    controllers,
    reference,
  });
}

const words = { de: german, en: english };

function german({ site, keyName, maker, madeAt }: StaffKeyWaitingMail) {
  return {
    subject: `Ein Schlüssel wartet auf Freigabe: ${site}`,
    hello: 'Guten Tag,',
    why: `${maker} hat am ${exactTimeText(madeAt, 'de')} auf ${site} den Schlüssel „${keyName}“ angelegt. Damit darf ein Programm allein tun, wofür sonst zwei Personen nötig sind, zum Beispiel Importe freigeben. Er gilt erst, wenn eine zweite Person ihn freigibt.`,
    action: 'Schlüssel prüfen',
    who: 'Freigeben kann ihn jede Person aus Recht oder Verwaltung, die ihn nicht selbst angelegt hat. Melden Sie sich dafür wie gewohnt an.',
  };
}

function english({ site, keyName, maker, madeAt }: StaffKeyWaitingMail): ReturnType<typeof german> {
  return {
    subject: `An API key is waiting for approval: ${site}`,
    hello: 'Hello,',
    why: `${maker} created the key “${keyName}” on ${site} at ${exactTimeText(madeAt, 'en')}. It allows a program to do alone what otherwise needs two people, such as releasing imports. It works once a second person has approved it.`,
    action: 'Review the key',
    who: 'Anyone in legal or administration except its creator can approve it. Sign in as usual.',
  };
}

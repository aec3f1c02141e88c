import type { Locale } from '#db/schema.ts';
import { exactTimeText } from '#src/i18n/dates.ts';
import { layOut, type Mail, type MailController } from './layout.ts';

export interface StaffKeyWaitingMail {
  locale: Locale;
  controllers: MailController[];
  site: string;
  /** The name of the key, and of whoever made it. */
  keyName: string;
  maker: string;
  /** When it was made, ISO. */
  madeAt: string;
  /** Where it is reviewed, after signing in. */
  url: string;
  reference: string;
}

/** Somebody made a key that acts alone: it waits for a second person. */
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
    why: `${maker} hat am ${exactTimeText(madeAt, 'de')} auf ${site} den Schlüssel „${keyName}“ angelegt. Mit ihm darf ein Programm allein, wozu sonst zwei Menschen gehören, zum Beispiel Importe einspielen. Er gilt erst, wenn eine zweite Person ihn freigibt.`,
    action: 'Schlüssel prüfen',
    who: 'Freigeben kann jemand aus der Rechtsabteilung oder Verwaltung, der ihn nicht selbst angelegt hat. Sie melden sich dafür wie gewohnt an.',
  };
}

function english({ site, keyName, maker, madeAt }: StaffKeyWaitingMail): ReturnType<typeof german> {
  return {
    subject: `A key waits for approval: ${site}`,
    hello: 'Hello,',
    why: `${maker} made the key “${keyName}” on ${site} at ${exactTimeText(madeAt, 'en')}. With it a program may do alone what otherwise takes two people, such as landing imports. It works once a second person has approved it.`,
    action: 'Review the key',
    who: 'Somebody of legal or administration who did not make it can approve it. You sign in as usual.',
  };
}

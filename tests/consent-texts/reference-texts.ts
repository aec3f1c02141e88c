import type { Channel, Frequency, RuleLanguage } from '#src/consent-texts/wording-check/check-input.ts';

interface ReferenceText {
  name: string;
  locale: RuleLanguage;
  channel: Channel;
  frequency?: Frequency;
  wording: string;
}

/** law.md 7.4. */
export const referenceTexts: ReferenceText[] = [
  {
    name: 'newsletter, German',
    locale: 'de',
    channel: 'email',
    frequency: { times: 2, per: 'month' },
    wording:
      '☐ Ja, die Muster GmbH, Hanau, darf mir höchstens zweimal im Monat ihren Newsletter mit Werbung für CRM-Software und Seminare per E-Mail schicken. Das ist freiwillig. Ich kann das jederzeit kostenlos widerrufen, über den Link in jeder E-Mail oder formlos an info@muster.example. Mehr steht in den Datenschutzhinweisen.',
  },
  {
    name: 'newsletter, English',
    locale: 'en',
    channel: 'email',
    frequency: { times: 2, per: 'month' },
    wording:
      '☐ Yes, Muster GmbH, Hanau, may send me its newsletter with advertising for CRM software and seminars by e-mail, at most twice a month. This is optional. I can withdraw at any time free of charge by the link in every e-mail or informally to info@muster.example. Details are in the privacy notice.',
  },
  {
    name: 'phone, German',
    locale: 'de',
    channel: 'phone',
    frequency: { times: 2, per: 'year' },
    wording:
      '☐ Ja, die Muster GmbH, Musterstraße 1, 12345 Musterstadt, darf mich unter der angegebenen Nummer anrufen, um mir ihre CRM-Software und Seminare anzubieten (Werbung). Das ist freiwillig und jederzeit kostenlos und formlos widerrufbar: im Gespräch, auf der Einstellungsseite oder an info@muster.example. Höchstens zweimal im Jahr. Mehr steht in den Datenschutzhinweisen.',
  },
  {
    name: 'tracking, German',
    locale: 'de',
    channel: 'email',
    wording:
      '☐ Ja, die Muster GmbH, Hanau, darf bei ihrem Newsletter auswerten, ob und wann ich die E-Mails öffne und welche Links ich anklicke, um die Themen für mich auszuwählen. Das ist freiwillig; der Newsletter kommt auch sonst. Ich kann das jederzeit kostenlos widerrufen, auf der Einstellungsseite oder formlos an info@muster.example. Mehr steht in den Datenschutzhinweisen.',
  },
];

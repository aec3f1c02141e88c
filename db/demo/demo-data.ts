import type { Period } from '../schema/purposes.ts';
import type { Channel, Locale } from '../schema/vocabulary.ts';

/** The demo of the contract, as data. Seeded into an empty database outside production. */
export const demoController = {
  key: 'muster-werkzeuge',
  legal_name: 'Muster Werkzeuge GmbH',
  address: 'Musterstraße 1, 63452 Hanau',
  country: 'DE',
  privacy_email: 'datenschutz@muster-werkzeuge.example',
  privacy_url: 'https://www.muster-werkzeuge.example/datenschutz',
  privacy_version: '1.0',
  imprint: [
    'Muster Werkzeuge GmbH',
    'Musterstraße 1, 63452 Hanau, Deutschland',
    'Geschäftsführerin: Erika Muster',
    'Amtsgericht Hanau, HRB 00000 · USt-IdNr. DE000000000',
    'datenschutz@muster-werkzeuge.example · https://www.muster-werkzeuge.example/impressum',
  ].join('\n'),
};

/** Since when the demo's texts are live, whenever it is seeded, so that imports with older consents can be tried. */
export const demoLiveFrom = '2026-01-01T00:00:00.000Z';

export interface DemoPurpose {
  key: string;
  titles: Record<Locale, string>;
  promises: Record<Locale, string>;
  /** Product lines and contents, as the texts name them. */
  terms: Record<Locale, string[]>;
  frequencies: Partial<Record<Channel, { times: number; per: Period }>>;
  thirdParties: { name: string; place: string; line_of_business: string }[];
  texts: Partial<Record<Channel, Record<Locale, string>>>;
}

const anyTimeDe =
  'Das ist freiwillig. Ich kann das jederzeit kostenlos widerrufen, auf der Einstellungsseite oder formlos an ' +
  'datenschutz@muster-werkzeuge.example. Mehr steht in den Datenschutzhinweisen.';
const anyTimeByMailDe =
  'Das ist freiwillig. Ich kann das jederzeit kostenlos widerrufen, über den Link in jeder E-Mail oder formlos an ' +
  'datenschutz@muster-werkzeuge.example. Mehr steht in den Datenschutzhinweisen.';
const anyTimeEn =
  'This is optional. I can withdraw at any time free of charge on the preference page or informally: ' +
  'datenschutz@muster-werkzeuge.example. Details are in the privacy notice.';
const anyTimeByMailEn =
  'This is optional. I can withdraw at any time free of charge by the link in every e-mail or informally to ' +
  'datenschutz@muster-werkzeuge.example. Details are in the privacy notice.';

export const demoPurposes: DemoPurpose[] = [
  {
    key: 'product-news',
    titles: { de: 'Neuigkeiten zu Werkzeugen', en: 'News about tools' },
    promises: {
      de: 'Neue Akkuschrauber, Sägen und Zubehör, höchstens zweimal im Monat.',
      en: 'New cordless drills, saws and accessories, at most twice a month.',
    },
    terms: {
      de: ['Akkuschrauber', 'Sägen', 'Zubehör'],
      en: ['cordless drills', 'saws', 'accessories'],
    },
    frequencies: { email: { times: 2, per: 'month' }, post: { times: 2, per: 'year' } },
    thirdParties: [],
    texts: {
      email: {
        de: `Ja, die Muster Werkzeuge GmbH, Hanau, darf mir ihren Newsletter mit Werbung für Akkuschrauber, Sägen und Zubehör per E-Mail schicken, höchstens zweimal im Monat. ${anyTimeByMailDe}`,
        en: `Yes, Muster Werkzeuge GmbH, Hanau, may send me its newsletter with advertising for cordless drills, saws and accessories by e-mail. At most twice a month. ${anyTimeByMailEn}`,
      },
      post: {
        de: `Ja, die Muster Werkzeuge GmbH, Hanau, darf mir ihren Katalog mit Werbung für Akkuschrauber, Sägen und Zubehör per Post schicken, höchstens zweimal im Jahr. ${anyTimeDe}`,
        en: `Yes, Muster Werkzeuge GmbH, Hanau, may send me its catalogue with advertising for cordless drills, saws and accessories by post. At most twice a year. ${anyTimeEn}`,
      },
    },
  },
  {
    key: 'event-invitations',
    titles: { de: 'Einladungen zu Vorführungen und Messen', en: 'Invitations to demonstrations and fairs' },
    promises: {
      de: 'Vorführungen in Hanau und Messen in ganz Deutschland, höchstens sechsmal im Jahr.',
      en: 'Demonstrations in Hanau and fairs all over Germany, at most six times a year.',
    },
    terms: {
      de: ['Werkzeugvorführungen', 'Messestände'],
      en: ['tool demonstrations', 'trade fair stands'],
    },
    frequencies: { email: { times: 6, per: 'year' }, phone: { times: 2, per: 'year' } },
    thirdParties: [],
    texts: {
      email: {
        de: `Ja, die Muster Werkzeuge GmbH, Hanau, darf mir Einladungen zu ihren Werkzeugvorführungen und Messeständen (Werbung) per E-Mail schicken, höchstens sechsmal im Jahr. ${anyTimeByMailDe}`,
        en: `Yes, Muster Werkzeuge GmbH, Hanau, may send me invitations to its tool demonstrations and trade fair stands (advertising) by e-mail. At most six times a year. ${anyTimeByMailEn}`,
      },
      phone: {
        de: `Ja, die Muster Werkzeuge GmbH, Musterstraße 1, 63452 Hanau, darf mich anrufen und zu ihren Werkzeugvorführungen und Messeständen einladen (Werbung). Das gilt für die Nummer, die ich hier angebe, und höchstens zweimal im Jahr. ${anyTimeDe}`,
        en: `Yes, Muster Werkzeuge GmbH, Musterstraße 1, 63452 Hanau, may phone me and invite me to its tool demonstrations and trade fair stands (advertising). This is for the number given here, at most twice a year. ${anyTimeEn}`,
      },
    },
  },
  {
    key: 'service-calls',
    titles: { de: 'Anrufe zur Wartung', en: 'Calls about maintenance' },
    promises: {
      de: 'Ein Anruf, wenn eine Wartung fällig wird, höchstens zweimal im Jahr.',
      en: 'A call when maintenance is due, at most twice a year.',
    },
    terms: { de: ['Wartung'], en: ['maintenance'] },
    frequencies: { phone: { times: 2, per: 'year' } },
    thirdParties: [],
    texts: {
      phone: {
        de: `Ja, die Muster Werkzeuge GmbH, Musterstraße 1, 63452 Hanau, darf mich anrufen und mir ihre Wartung für Akkuschrauber und Sägen anbieten (Werbung). Das gilt für die Nummer, die ich hier angebe, und höchstens zweimal im Jahr. ${anyTimeDe}`,
        en: `Yes, Muster Werkzeuge GmbH, Musterstraße 1, 63452 Hanau, may phone me and offer me its maintenance for cordless drills and saws (advertising). This is for the number given here, at most twice a year. ${anyTimeEn}`,
      },
    },
  },
  {
    key: 'partner-offers',
    titles: { de: 'Angebote der Beispiel Versicherung AG', en: 'Offers from Beispiel Versicherung AG' },
    promises: {
      de: 'Werkzeugversicherungen der Beispiel Versicherung AG, Köln, höchstens viermal im Jahr.',
      en: 'Tool insurance from Beispiel Versicherung AG, Köln, at most four times a year.',
    },
    terms: { de: ['Werkzeugversicherungen'], en: ['tool insurance'] },
    frequencies: { email: { times: 4, per: 'year' } },
    thirdParties: [{ name: 'Beispiel Versicherung AG', place: 'Köln', line_of_business: 'Versicherungen' }],
    texts: {
      email: {
        de: `Ja, die Muster Werkzeuge GmbH, Hanau, darf meine E-Mail-Adresse an die Beispiel Versicherung AG, Köln, geben. Diese darf mir Werbung für ihre Werkzeugversicherungen per E-Mail schicken, höchstens viermal im Jahr. ${anyTimeByMailDe}`,
        en: `Yes, Muster Werkzeuge GmbH, Hanau, may give my e-mail address to Beispiel Versicherung AG, Köln. It may send me advertising for its tool insurance by e-mail, at most four times a year. ${anyTimeByMailEn}`,
      },
    },
  },
  {
    key: 'price-list',
    titles: { de: 'Preisliste', en: 'Price list' },
    promises: {
      de: 'Die neue Preisliste, viermal im Jahr.',
      en: 'The new price list, four times a year.',
    },
    terms: {
      de: ['Akkuschrauber', 'Sägen', 'Zubehör'],
      en: ['cordless drills', 'saws', 'accessories'],
    },
    frequencies: { fax: { times: 4, per: 'year' }, sms: { times: 4, per: 'year' } },
    thirdParties: [],
    texts: {
      fax: {
        de: `Ja, die Muster Werkzeuge GmbH, Hanau, darf mir ihre Preisliste mit Werbung für Akkuschrauber, Sägen und Zubehör per Fax schicken, höchstens viermal im Jahr. ${anyTimeDe}`,
        en: `Yes, Muster Werkzeuge GmbH, Hanau, may send me its price list with advertising for cordless drills, saws and accessories by fax. At most four times a year. ${anyTimeEn}`,
      },
      sms: {
        de: `Ja, die Muster Werkzeuge GmbH, Hanau, darf mir per SMS Werbung für Akkuschrauber, Sägen und Zubehör aus ihrer neuen Preisliste schicken, höchstens viermal im Jahr. ${anyTimeDe}`,
        en: `Yes, Muster Werkzeuge GmbH, Hanau, may send me advertising for cordless drills, saws and accessories from its new price list by SMS. At most four times a year. ${anyTimeEn}`,
      },
    },
  },
];

/** What each channel needs and no more (Art. 5 (1) (c) GDPR). */
export const demoData: Record<Channel, Record<Locale, string[]>> = {
  email: { de: ['E-Mail-Adresse'], en: ['e-mail address'] },
  sms: { de: ['Telefonnummer'], en: ['phone number'] },
  phone: { de: ['Name', 'Telefonnummer'], en: ['name', 'phone number'] },
  fax: { de: ['Faxnummer'], en: ['fax number'] },
  post: { de: ['Name', 'Postanschrift'], en: ['name', 'postal address'] },
};

export const demoForms = [
  {
    key: 'newsletter',
    consents: ['product-news:email', 'event-invitations:email', 'partner-offers:email'],
    fields: [{ name: 'email', required: true }],
    words: {
      de: {
        heading: 'Newsletter der Muster Werkzeuge GmbH',
        intro:
          'Die Muster Werkzeuge GmbH schreibt Ihnen per E-Mail – nur zu dem, was Sie hier ankreuzen, und nur so oft, wie es dort steht.',
      },
      en: {
        heading: 'Newsletter of Muster Werkzeuge GmbH',
        intro:
          'Muster Werkzeuge GmbH writes to you by e-mail – only about what you tick here, and only as often as it says there.',
      },
    },
  },
  {
    key: 'fair',
    consents: [
      'product-news:email',
      'product-news:post',
      'event-invitations:email',
      'event-invitations:phone',
      'service-calls:phone',
    ],
    fields: [
      { name: 'email', required: true },
      { name: 'given_name', required: false },
      { name: 'family_name', required: false },
      { name: 'company', required: false },
      { name: 'phone', required: false },
      { name: 'street', required: false },
      { name: 'postal_code', required: false },
      { name: 'city', required: false },
      { name: 'country', required: false },
    ],
    words: {
      de: {
        heading: 'In Verbindung bleiben mit der Muster Werkzeuge GmbH',
        intro:
          'Schön, dass wir uns auf der Messe getroffen haben. Kreuzen Sie an, worüber und auf welchem Weg sich die Muster Werkzeuge GmbH bei Ihnen melden darf.',
      },
      en: {
        heading: 'Stay in touch with Muster Werkzeuge GmbH',
        intro:
          'It was good to meet you at the fair. Tick what Muster Werkzeuge GmbH may contact you about, and how.',
      },
    },
  },
] as const;

export const demoOrigins = ['http://localhost:8080', 'http://127.0.0.1:8080'];

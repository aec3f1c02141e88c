import type { CheckInput } from '#src/consent-texts/wording-check/check-input.ts';

/** A clause from our own reading of law.md, with the errors that a lawyer's eye expects in it. */
export interface Clause {
  name: string;
  input: CheckInput;
  /** Exactly these rules must give an error. */
  errors: string[];
  /** These rules must speak up as well, as a warning or a hint. */
  also?: string[];
}

const muster = [{ name: 'Muster GmbH', place: 'Hanau' }];
const tailDe =
  'Das ist freiwillig. Ich kann das jederzeit kostenlos widerrufen, über den Link in jeder E-Mail ' +
  'oder formlos an info@muster.example. Mehr steht in den Datenschutzhinweisen.';
const tailEn =
  'This is optional. I can withdraw at any time free of charge by the link in every e-mail. ' +
  'Details are in the privacy notice.';

function german(wording: string, more: Partial<CheckInput> = {}): CheckInput {
  return { locale: 'de', wording, channels: ['email'], controllers: muster, ...more };
}

function english(wording: string, more: Partial<CheckInput> = {}): CheckInput {
  return { locale: 'en', wording, channels: ['email'], controllers: [{ name: 'Muster GmbH' }], ...more };
}

export const goodClauses: Clause[] = [
  {
    name: '"z. B." in the withdrawal sentence names ways, not a scope',
    input: german(
      'Ja, die Muster Werkzeuge GmbH, Hanau, darf mir etwa zweimal im Monat Werbung für Akkuschrauber und ' +
        'Bohrhämmer per E-Mail schicken. Das ist freiwillig. Ich kann das jederzeit kostenlos widerrufen, ' +
        'z. B. über den Link in jeder E-Mail. Mehr steht in den Datenschutzhinweisen.',
      { controllers: [{ name: 'Muster Werkzeuge GmbH', place: 'Hanau' }], terms: ['Akkuschrauber'] },
    ),
    errors: [],
  },
  {
    name: 'text messages, withdrawn on a page',
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir höchstens einmal im Monat Werbung für Seminare per SMS schicken. ' +
        'Das ist freiwillig. Widerruf jederzeit kostenlos und formlos: an info@muster.example oder über die ' +
        'Einstellungsseite. Mehr steht in den Datenschutzhinweisen.',
      { channels: ['sms'] },
    ),
    errors: [],
  },
  {
    name: 'letters, withdrawn by e-mail: the way back is no second channel',
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir viermal im Jahr ihren Katalog mit Büromöbeln per Post schicken ' +
        '(Werbung). Das ist freiwillig. Ich kann das jederzeit kostenlos widerrufen, auch per E-Mail an ' +
        'info@muster.example. Mehr steht in den Datenschutzhinweisen.',
      { channels: ['post'] },
    ),
    errors: [],
  },
  {
    name: 'disclosure to one named recipient, in its own box',
    input: german(
      'Ja, die Muster GmbH, Hanau, darf meine E-Mail-Adresse an die Beispiel Versicherung AG, Köln ' +
        '(Versicherungen), weitergeben. Diese darf mir dann per E-Mail Werbung für ihre ' +
        `Maschinenversicherungen schicken. ${tailDe}`,
      {
        purposes: [{ key: 'partner-offers', kind: 'disclosure' }],
        recipients: [{ name: 'Beispiel Versicherung AG', place: 'Köln', lineOfBusiness: 'Versicherungen' }],
      },
    ),
    errors: [],
    also: ['W03'],
  },
  {
    name: 'a company that is called Partner',
    input: german(
      'Ja, die Partner Büro GmbH, Kassel, darf mir einmal im Monat ihren Newsletter mit Werbung für ' +
        `Drehstühle per E-Mail schicken. ${tailDe}`,
      { controllers: [{ name: 'Partner Büro GmbH', place: 'Kassel' }] },
    ),
    errors: [],
  },
  {
    name: 'phone, in English, withdrawn in the call or by e-mail',
    input: english(
      'Yes, Muster Tools Ltd, Leeds, may call me at the number given, at most twice a year, to offer me its ' +
        'cordless drills (advertising). This is optional. I can withdraw at any time free of charge, by ' +
        'e-mail or during the call. Details are in the privacy notice.',
      { channels: ['phone'], controllers: [{ name: 'Muster Tools Ltd', place: 'Leeds' }] },
    ),
    errors: [],
  },
  {
    name: 'a promise not to pass anything on',
    input: english(
      'Yes, Muster GmbH may send me its monthly newsletter with advertising for drills by e-mail. My address ' +
        `is not passed on to third parties. ${tailEn}`,
    ),
    errors: [],
  },
  {
    name: 'the same promise in German',
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich ihren Newsletter über Seminare per E-Mail schicken. ' +
        `Eine Weitergabe an Dritte erfolgt nicht. ${tailDe}`,
    ),
    errors: [],
  },
  {
    name: 'saying that a no has no disadvantage is no double negative',
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Seminare per E-Mail schicken. Wenn ich nicht ' +
        'zustimme, entstehen mir keine Nachteile. Ich kann das jederzeit gebührenfrei widerrufen, über den ' +
        'Link in jeder E-Mail. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: [],
  },
  {
    name: 'tracking under its own purpose',
    input: german(
      'Ja, die Muster GmbH, Hanau, darf auswerten, welche Links ich in ihren E-Mails anklicke, um mir ' +
        `personalisierte Werbung für CRM-Software zu schicken. ${tailDe}`,
      { purposes: [{ key: 'tracking', kind: 'tracking' }] },
    ),
    errors: [],
  },
  {
    name: 'English, the consent is named beside the privacy notice without agreeing to it',
    input: english(
      'Yes, Muster GmbH may send me advertising for standing desks by e-mail, at most once a month. My consent ' +
        'is optional; the privacy notice has the details. I can withdraw at any time by the link in every e-mail.',
    ),
    errors: [],
  },
];

export const badClauses: Clause[] = [
  {
    name: 'companies connected with us',
    input: german(
      `Ja, die Muster GmbH und mit ihr verbundene Unternehmen dürfen mir per E-Mail Werbung für Strom und Gas schicken. ${tailDe}`,
    ),
    errors: ['W01'],
  },
  {
    name: 'every company of the group',
    input: german(
      `Ja, die Muster GmbH und die Unternehmen der Muster-Gruppe dürfen mir per E-Mail Werbung für Strom schicken. ${tailDe}`,
    ),
    errors: ['W01'],
  },
  {
    name: 'subsidiaries, in English',
    input: english(
      `Yes, Muster GmbH and its subsidiaries may send me advertising for drills by e-mail. ${tailEn}`,
    ),
    errors: ['W01'],
  },
  {
    name: 'selected businesses get the address',
    input: english(
      'Yes, Muster GmbH may share my e-mail address with selected businesses so that they can send me ' +
        `advertising for insurance by e-mail. ${tailEn}`,
    ),
    errors: ['W02', 'W35'],
  },
  {
    name: 'nine companies in one box',
    input: english(
      `Yes, Muster GmbH and the companies named may send me advertising for insurance by e-mail. ${tailEn}`,
      {
        recipients: Array.from({ length: 8 }, (_, number) => ({ name: `Example ${number} Ltd` })),
      },
    ),
    errors: ['W03', 'W35'],
    also: [],
  },
  {
    name: 'an open end: "und mehr"',
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir per E-Mail Werbung für Seminare, Reisen und mehr schicken. ${tailDe}`,
    ),
    errors: ['W05'],
  },
  {
    name: 'the text adds the telephone to an e-mail box',
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mich per E-Mail und Telefon über Seminare informieren (Werbung). ${tailDe}`,
    ),
    errors: ['W09'],
    also: ['W22'],
  },
  {
    name: 'nobody is named',
    input: german(`Ja, Sie dürfen mir per E-Mail Werbung für Seminare schicken. ${tailDe}`),
    errors: ['W10'],
  },
  {
    name: 'nothing says what it is about',
    input: english(`Yes, Muster GmbH may send me its newsletter by e-mail. ${tailEn}`),
    errors: ['W11'],
  },
  {
    name: 'only in writing, with the hurdle in front',
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir per E-Mail Werbung für Seminare schicken. Das ist freiwillig. ' +
        'Die Einwilligung kann ich nur schriftlich widerrufen. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: ['W13'],
  },
  {
    name: 'waiver of the right to withdraw',
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir per E-Mail Werbung für Seminare schicken. Auf mein Widerrufsrecht ' +
        'verzichte ich. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: ['W14'],
  },
  {
    name: 'consent that can never be withdrawn',
    input: english(
      'Yes, Muster GmbH may send me advertising for drills by e-mail. This is optional. The consent can never ' +
        'be withdrawn. Details are in the privacy notice.',
    ),
    errors: ['W14'],
  },
  {
    name: 'submitting counts as consent',
    input: german(
      `Mit dem Absenden des Formulars willige ich in Werbung der Muster GmbH für Seminare per E-Mail ein. ${tailDe}`,
    ),
    errors: ['W15'],
  },
  {
    name: 'Payback: tick if you do not want it',
    input: german(
      `Hier ankreuzen, wenn Sie keine Werbung der Muster GmbH für Seminare per E-Mail wünschen. ${tailDe}`,
    ),
    errors: ['W16'],
    also: ['W40'],
  },
  {
    name: 'unless I object',
    input: english(`Muster GmbH will send me advertising for drills by e-mail unless I object. ${tailEn}`),
    errors: ['W16'],
  },
  {
    name: 'a box that is drawn ticked',
    input: german(
      `☑ Ja, die Muster GmbH, Hanau, darf mir per E-Mail Werbung für Seminare schicken. ${tailDe}`,
    ),
    errors: ['W17'],
  },
  {
    name: 'a default and a must in a form with two purposes',
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir per E-Mail Werbung für Seminare schicken. ${tailDe}`,
      {
        form: {
          purposeCount: 2,
          controls: [{ name: 'consent', kind: 'checkbox', checked: true, required: true }],
        },
      },
    ),
    errors: ['W17', 'W18'],
  },
  {
    name: 'terms and advertising in one breath',
    input: german(
      `Ich akzeptiere die AGB und möchte Werbung der Muster GmbH für Seminare per E-Mail erhalten. ${tailDe}`,
    ),
    errors: ['W19'],
  },
  {
    name: 'newsletter and surveys in one box',
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir ihren Newsletter über Seminare per E-Mail schicken und mich zu ' +
        `Umfragen einladen. ${tailDe}`,
    ),
    errors: ['W21'],
  },
  {
    name: 'fourteen years old',
    input: german(
      'Ja, ich bin mindestens 14 Jahre alt und möchte per E-Mail Werbung der Muster GmbH für Konzertkarten ' +
        `erhalten. ${tailDe}`,
    ),
    errors: ['W25'],
  },
  {
    name: 'opens and clicks are measured and nobody says so',
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir per E-Mail Werbung für Seminare schicken. ${tailDe}`,
      { tracking: { opens: true, clicks: true } },
    ),
    errors: ['W26'],
  },
  {
    name: 'the text promises once a week, the purpose twice a month',
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir wöchentlich Werbung für Seminare per E-Mail schicken. ${tailDe}`,
      { frequency: { times: 2, per: 'month' } },
    ),
    errors: ['W29'],
  },
  {
    name: 'a hundred and thirty words',
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir per E-Mail Werbung für Seminare schicken. ${tailDe} ` +
        'Die Seminare finden in Hanau, Kassel und Fulda statt. '.repeat(11),
    ),
    errors: ['W31'],
  },
  {
    name: 'a placeholder that nobody filled',
    input: english(`Yes, Muster GmbH may send me advertising for ${'$'}{product} by e-mail. ${tailEn}`, {
      terms: [],
    }),
    errors: ['W34'],
  },
  {
    name: 'an order that is turned by a hidden mark',
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir \u202eper E-Mail\u202c Werbung für Seminare schicken. ${tailDe}`,
    ),
    errors: ['T01'],
  },
  {
    name: 'sponsors with an invisible break',
    input: german(
      `Ja, die Muster GmbH, Hanau, und ihre Spon\u200bsoren dürfen mir per E-Mail Werbung für Seminare schicken. ${tailDe}`,
    ),
    errors: ['T02', 'W01'],
  },
  {
    name: 'partners with a Cyrillic a',
    input: german(
      `Ja, die Muster GmbH, Hanau, und ihre P\u0430rtner dürfen mir per E-Mail Werbung für Seminare schicken. ${tailDe}`,
    ),
    errors: ['T03', 'W01'],
  },
  {
    name: 'twice a month in German, weekly in English',
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir höchstens zweimal im Monat Werbung für Seminare per E-Mail schicken. ${tailDe}`,
      {
        otherLocales: [
          {
            locale: 'en',
            wording: `Yes, Muster GmbH, Hanau, may send me weekly advertising for seminars by e-mail. ${tailEn}`,
          },
        ],
      },
    ),
    errors: ['W43'],
  },
];

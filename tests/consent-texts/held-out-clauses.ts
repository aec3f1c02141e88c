import type { CheckInput } from '#src/consent-texts/wording-check/check-input.ts';
import type { Clause } from './clauses.ts';

const rheinkontor = [{ name: 'Rheinkontor AG', place: 'Bonn' }];
const bonnDe =
  'Ich muss dem nicht zustimmen, die Einwilligung ist freiwillig. Ein Widerruf ist jederzeit möglich, kostenlos und ohne Angabe von Gründen, am einfachsten über den Link am Ende jeder E-Mail. Mehr dazu in der Datenschutzerklärung.';
const bonnEn =
  'Saying yes is optional. I may unsubscribe whenever I want, at no charge, with one click in each e-mail. How my address is used is explained in the privacy notice.';

/**
 * Thirty clauses that were written and judged before the rules saw them. The rules of that day judged thirteen of them
 * exactly right; what they missed was mended in general, so that from here on none may be missed again.
 */
export const heldOutClauses: Omit<Clause, 'name'>[] = [
  {
    input: german(
      `Ja, ich abonniere den Newsletter der Rheinkontor AG, Bonn, über Buchhaltungssoftware. Er kommt einmal im Monat per E-Mail und enthält Werbung. ${bonnDe}`,
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Rheinkontor AG, Bonn, darf mir zweimal im Jahr ihren Weinkatalog mit der Post zusenden (Werbung). Das ist freiwillig. Wenn ich ihn nicht mehr will, genügt ein Anruf, ein Brief oder eine E-Mail. Diesen Widerruf kann ich jederzeit erklären. Siehe Datenschutzhinweise.',
      { channels: ['post'] },
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Rheinkontor AG, Bonn, darf mich geschäftlich anrufen, um über Wartungsverträge für Kopierer zu sprechen (Werbung), höchstens zweimal im Jahr. Das ist freiwillig. Ein Widerruf ist jederzeit möglich, auch am Telefon. Mehr dazu in der Datenschutzerklärung.',
      { audience: 'business', terms: ['Wartungsverträge'], channels: ['phone'] },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Rheinkontor AG, Bonn, darf mich per E-Mail zu ihren Weinproben einladen, etwa alle drei Monate. ${bonnDe}`,
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Rheinkontor AG, Bonn, darf mir monatlich per E-Mail Werbung für Strom- und Gasverträge schicken. Mein Vertrag gilt unabhängig von dieser Einwilligung, und ich verliere keinen Rabatt, wenn ich sie widerrufe, etwa über den Link in jeder E-Mail. Mehr dazu in der Datenschutzerklärung.',
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Rheinkontor AG, Bonn, darf meine E-Mail-Adresse speichern und mir damit monatlich Werbung für Olivenöl schicken. Nach einem Widerruf wird sie für Werbung nicht mehr benutzt. ${bonnDe}`,
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Rheinkontor AG, Bonn, darf mir monatlich per E-Mail Werbung für Olivenöl schicken. Meine Daten werden weder verkauft noch vermietet. ${bonnDe}`,
    ),
    errors: [],
  },
  {
    input: english(
      'Yes, Rheinkontor AG may ring me on my mobile about its savings plans (advertising), at most twice a year. Saying yes is optional. I can withdraw at any time: on the phone, by letter or by e-mail. How my number is used is explained in the privacy notice.',
      { channels: ['phone'] },
    ),
    errors: [],
  },
  {
    input: english(
      `Please e-mail me the Rheinkontor AG wine newsletter every two months (advertising). ${bonnEn}`,
    ),
    errors: [],
  },
  {
    input: english(
      `Yes, Rheinkontor AG may e-mail me offers for olive oil, no more than ten times a year. My address will not be sold, rented or passed on. ${bonnEn}`,
    ),
    errors: [],
  },
  {
    input: english(
      'I would like Rheinkontor AG to send me its printed wine catalogue by post each spring (advertising). This is voluntary. I can withdraw this at any time by letter, phone or e-mail. See the privacy notice.',
      { channels: ['post'] },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Rheinkontor AG, Bonn, darf mir vierteljährlich per E-Mail Werbung für Schülerhilfe und Nachhilfekurse schicken. ${bonnDe}`,
      { terms: ['Schülerhilfe', 'Nachhilfekurse'] },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Rheinkontor AG, Bonn, und weitere Marken aus unserem Haus dürfen mir monatlich Werbung für Wein per E-Mail schicken. ${bonnDe}`,
    ),
    errors: ['W01'],
  },
  {
    input: german(
      `Ja, die Rheinkontor AG, Bonn, und ein von ihr noch zu bestimmendes Unternehmen dürfen mir monatlich Werbung für Wein per E-Mail schicken. ${bonnDe}`,
    ),
    errors: ['W04'],
  },
  {
    input: german(
      `Ja, die Rheinkontor AG, Bonn, darf mich per E-Mail über alles informieren, was für mich von Interesse sein könnte. ${bonnDe}`,
    ),
    errors: ['W06', 'W11'],
  },
  {
    input: german(
      `Ja, die Rheinkontor AG, Bonn, darf mir monatlich Werbung für Wein per E-Mail schicken und meine Angaben für Meinungsumfragen nutzen. ${bonnDe}`,
    ),
    errors: ['W21'],
  },
  {
    input: german(
      `Die Rheinkontor AG, Bonn, nimmt Sie in ihren E-Mail-Verteiler für Weinangebote auf. Wer das nicht wünscht, meldet sich bitte. ${bonnDe}`,
    ),
    errors: ['W16'],
  },
  {
    input: german(
      `Es gelten die Geschäftsbedingungen der Rheinkontor AG, Bonn, mit denen ich auch der Zusendung von Werbung für Wein per E-Mail zustimme. ${bonnDe}`,
    ),
    errors: ['W19'],
  },
  {
    input: german(
      'Ja, die Rheinkontor AG, Bonn, darf mir monatlich Werbung für Wein per E-Mail schicken. Das ist freiwillig. Widerrufen kann ich über die Hotline 0900 123456 (1,99 €/Min.). Mehr dazu in der Datenschutzerklärung.',
    ),
    errors: ['W13'],
  },
  {
    input: german(
      'Ja, die Rheinkontor AG, Bonn, darf mir monatlich Werbung für Wein per E-Mail schicken. Das ist freiwillig. Ein Widerruf ist nur zum Ende der Vertragslaufzeit möglich. Mehr dazu in der Datenschutzerklärung.',
    ),
    errors: ['W13'],
  },
  {
    input: german(
      'Ja, die Rheinkontor AG, Bonn, darf mir monatlich Werbung für Wein per E-Mail schicken. Ohne Zustimmung ist ein Einkauf nicht möglich. Ein Widerruf ist jederzeit möglich, über den Link am Ende jeder E-Mail. Mehr dazu in der Datenschutzerklärung.',
    ),
    errors: ['W18'],
  },
  {
    input: german(
      `Ja, auch wenn ich noch keine 16 bin: Die Rheinkontor AG, Bonn, darf mir monatlich Werbung für Turnschuhe per E-Mail schicken. ${bonnDe}`,
    ),
    errors: ['W25'],
  },
  {
    input: german(
      `Ja, die Rheinkontor AG, Bonn, darf mir monatlich Werbung für Wein per E-Mail schicken und meine Anschrift auch Versendern von Gartenbedarf nennen. ${bonnDe}`,
    ),
    errors: ['W35'],
  },
  {
    input: german(
      `Ja, die Rheinkontor AG, Bonn, darf mir monatlich Werbung für Wein auf mein Smartphone schicken, als SMS. ${bonnDe}`,
    ),
    errors: ['W09'],
  },
  {
    input: english(
      `Yes, Rheinkontor AG and the other brands in its family may send me advertising for wine by e-mail, at most once a month. ${bonnEn}`,
    ),
    errors: ['W01'],
  },
  {
    input: english(
      `Yes, Rheinkontor AG may use what I bought to decide which advertising for wine it sends me by e-mail, at most once a month. ${bonnEn}`,
    ),
    errors: ['W26'],
  },
  {
    input: english(
      `Rheinkontor AG will e-mail you advertising for wine. Not interested? Then clear the box. ${bonnEn}`,
    ),
    errors: ['W16'],
  },
  {
    input: english(
      'Yes, Rheinkontor AG may send me advertising for wine by e-mail, at most once a month. This is voluntary. To unsubscribe, call our premium line (2 euros a minute). How my address is used is explained in the privacy notice.',
    ),
    errors: ['W13'],
  },
  {
    input: english(
      `Yes, Rheinkontor AG may send me advertising for wine, travel and anything else that may interest me by e-mail, at most once a month. ${bonnEn}`,
    ),
    errors: ['W07'],
  },
  {
    input: english(
      'Yes, Rheinkontor AG may send me advertising for wine by e-mail, at most once a month. Customers must agree to this before they can check out. I may unsubscribe whenever I want with one click in each e-mail. How my address is used is explained in the privacy notice.',
    ),
    errors: ['W18'],
  },
];

function german(wording: string, more: Partial<CheckInput> = {}): CheckInput {
  return { locale: 'de', wording, channels: ['email'], controllers: rheinkontor, ...more };
}

function english(wording: string, more: Partial<CheckInput> = {}): CheckInput {
  return { locale: 'en', wording, channels: ['email'], controllers: rheinkontor, ...more };
}

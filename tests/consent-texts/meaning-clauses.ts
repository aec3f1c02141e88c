import type { Channel, CheckInput, RuleLanguage } from '#src/consent-texts/wording-check/check-input.ts';

/** A clause that is complete but for one flaw; any of these rules may name it. */
export interface FlawedClause {
  flaw: string;
  rules: string[];
  input: CheckInput;
}

const OUT = {
  de: 'Das kann ich jederzeit kostenlos widerrufen, über den Link in jeder E-Mail oder formlos an info@muster.example. Mehr steht in den Datenschutzhinweisen.',
  en: 'I can withdraw this at any time free of charge, by the link in every e-mail or informally at info@muster.example. More is in the privacy notice.',
};

export function clause(
  locale: RuleLanguage,
  declaration: string,
  more: Partial<CheckInput> = {},
): CheckInput {
  return {
    locale,
    wording: `${declaration} ${OUT[locale]}`,
    channels: ['email'],
    controllers: [{ name: 'Muster GmbH' }],
    ...more,
  };
}

export function bad(
  flaw: string,
  rules: string,
  locale: RuleLanguage,
  words: string,
  channel: Channel = 'email',
) {
  return { flaw, rules: rules.split(' '), input: clause(locale, words, { channels: [channel] }) };
}

/** Written while the rules were made. */
export const flawedClauses: FlawedClause[] = [
  bad(
    'measuring',
    'W26 W21',
    'de',
    'Ja, die Muster GmbH, Hanau, darf mir monatlich ihren Newsletter über Gartenmöbel per E-Mail schicken und dabei erkennen, welche Meldungen ich ansehe.',
  ),
  bad(
    'measuring',
    'W26 W21',
    'de',
    'Ja, die Muster GmbH, Hanau, darf mir einmal im Monat Werbung für Gartenmöbel per E-Mail senden; ob ich die Mails öffne, wird statistisch erfasst.',
  ),
  bad(
    'measuring',
    'W26 W21',
    'de',
    'Ich willige ein, dass mir die Muster GmbH, Hanau, höchstens zweimal im Monat Werbung für Sättel per E-Mail schickt. Die Nachrichten enthalten einen Zählpixel.',
  ),
  bad(
    'measuring',
    'W26 W21',
    'en',
    'Yes, Muster GmbH, Hanau, may e-mail me its monthly newsletter about saddles and keep a record of which links I follow.',
  ),
  bad(
    'measuring',
    'W26 W21',
    'en',
    'I agree that Muster GmbH, Hanau, sends me advertising for garden furniture by e-mail once a month. It looks at whether I have read the messages.',
  ),
  bad(
    'measuring',
    'W26 W21',
    'en',
    'Yes, Muster GmbH, Hanau, may send me advertising for tea by e-mail, at most twice a month, and learn from my clicks.',
  ),
  bad(
    'opting out',
    'W16',
    'de',
    'Die Muster GmbH, Hanau, schickt mir monatlich Werbung für Tee per E-Mail, sofern ich mich nicht dagegen ausspreche oder melde.',
  ),
  bad(
    'opting out',
    'W16',
    'de',
    'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Tee per E-Mail schicken. Wenn mir das nicht recht ist, nehme ich das Häkchen heraus.',
  ),
  bad(
    'opting out',
    'W16',
    'de',
    'Die Muster GmbH, Hanau, geht davon aus, dass ich mit monatlicher Werbung für Tee per E-Mail einverstanden bin.',
  ),
  bad(
    'opting out',
    'W16',
    'en',
    'Muster GmbH, Hanau, will e-mail me advertising for tea once a month unless I say otherwise.',
  ),
  bad(
    'opting out',
    'W16',
    'en',
    'Yes, Muster GmbH, Hanau, may send me advertising for tea by e-mail once a month. Leaving this box ticked counts as my agreement.',
  ),
  bad(
    'left open',
    'W04',
    'de',
    'Ja, die Muster GmbH, Hanau, und später noch zu benennende Firmen dürfen mir monatlich Werbung für Tee per E-Mail schicken.',
  ),
  bad(
    'left open',
    'W04 W05 W06',
    'de',
    'Ja, die Muster GmbH, Hanau, darf mir monatlich per E-Mail Werbung für Tee und für Waren nach ihrem Ermessen schicken.',
  ),
  bad(
    'left open',
    'W04 W06',
    'en',
    'Yes, Muster GmbH, Hanau, may send me advertising by e-mail once a month for tea and whatever it considers useful.',
  ),
  bad(
    'left open',
    'W04',
    'en',
    'Yes, Muster GmbH, Hanau, may e-mail me once a month about tea. The topics may be extended from time to time.',
  ),
  bad(
    'open list',
    'W05',
    'de',
    'Ja, die Muster GmbH, Hanau, darf mir monatlich per E-Mail Werbung für Tee, Kaffee und verwandte Warengruppen schicken.',
  ),
  bad(
    'open list',
    'W05',
    'de',
    'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Heißgetränke, darunter Tee, per E-Mail schicken.',
  ),
  bad(
    'open list',
    'W05 W07',
    'en',
    'Yes, Muster GmbH, Hanau, may e-mail me advertising for tea, coffee and related sectors once a month.',
  ),
  bad(
    'open list',
    'W05',
    'en',
    'Yes, Muster GmbH, Hanau, may e-mail me advertising for hot drinks, notably tea, once a month.',
  ),
  bad(
    'vague',
    'W06',
    'de',
    'Ja, die Muster GmbH, Hanau, darf mir monatlich per E-Mail lohnende Tipps zu Tee schicken (Werbung).',
  ),
  bad(
    'vague',
    'W06',
    'de',
    'Ja, die Muster GmbH, Hanau, darf mir monatlich per E-Mail schreiben, was mich an Tee interessieren könnte (Werbung).',
  ),
  bad(
    'vague',
    'W06',
    'en',
    'Yes, Muster GmbH, Hanau, may e-mail me amazing deals on tea once a month (advertising).',
  ),
  bad(
    'vague',
    'W06',
    'en',
    'Yes, Muster GmbH, Hanau, may e-mail me once a month anything about tea that I might enjoy (advertising).',
  ),
  bad(
    'partners',
    'W01',
    'de',
    'Ja, die Muster GmbH, Hanau, und ihre Schwesterfirmen dürfen mir monatlich Werbung für Tee per E-Mail schicken.',
  ),
  bad(
    'partners',
    'W01 W02',
    'de',
    'Ja, die Muster GmbH, Hanau, und Betriebe, mit denen sie zusammenarbeitet, dürfen mir monatlich Werbung für Tee per E-Mail schicken.',
  ),
  bad(
    'partners',
    'W01',
    'en',
    'Yes, Muster GmbH, Hanau, and the companies behind it may send me advertising for tea by e-mail once a month.',
  ),
  bad(
    'partners',
    'W01 W02',
    'en',
    'Yes, Muster GmbH, Hanau, and its network may send me advertising for tea by e-mail once a month.',
  ),
  bad(
    'minors',
    'W25',
    'de',
    'Ich bin schon vierzehn Jahre alt. Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Skateboards per E-Mail schicken.',
  ),
  bad(
    'minors',
    'W25',
    'en',
    'I am thirteen years old. Yes, Muster GmbH, Hanau, may send me advertising for skateboards by e-mail once a month.',
  ),
  bad(
    'acknowledgement',
    'W40',
    'de',
    'Ich nehme zur Kenntnis, dass mir die Muster GmbH, Hanau, monatlich Werbung für Tee per E-Mail schickt.',
  ),
  bad(
    'acknowledgement',
    'W40',
    'en',
    'I am aware that Muster GmbH, Hanau, sends me advertising for tea by e-mail once a month.',
  ),
  bad(
    'waiver',
    'W14',
    'de',
    'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Tee per E-Mail schicken. Mein Recht, der Werbung zu widersprechen, gebe ich auf.',
  ),
  bad(
    'waiver',
    'W14',
    'en',
    'Yes, Muster GmbH, Hanau, may send me advertising for tea by e-mail once a month. I relinquish my right to object to it.',
  ),
  bad(
    'contract',
    'W19',
    'de',
    'Ich bestelle das Probepaket und bin damit einverstanden, dass mir die Muster GmbH, Hanau, monatlich Werbung für Tee per E-Mail schickt.',
  ),
  bad(
    'contract',
    'W19',
    'en',
    'I order the trial pack and agree that Muster GmbH, Hanau, may send me advertising for tea by e-mail once a month.',
  ),
  bad(
    'any channel',
    'W08 W04',
    'en',
    'Yes, Muster GmbH, Hanau, may send me advertising for tea once a month by e-mail or in whatever way it likes.',
  ),
];

/** Nothing is wrong with these. */
export const soundClauses: CheckInput[] = [
  clause(
    'de',
    'Ja, die Muster GmbH, Hanau, darf mir einmal im Monat ihren Newsletter über Gartenmöbel per E-Mail schicken (Werbung).',
  ),
  clause(
    'de',
    'Ja, ich möchte den Newsletter der Muster GmbH, Hanau, über Teesorten jede zweite Woche per E-Mail erhalten. Er enthält Werbung für Tee.',
  ),
  clause(
    'de',
    'Ich willige ein, dass mir die Muster GmbH, Hanau, höchstens viermal im Jahr Werbung für Sättel und Zaumzeug per E-Mail zusendet.',
  ),
  clause(
    'de',
    'Ja, die Muster GmbH, Hanau, darf mich höchstens zweimal im Jahr unter der angegebenen Nummer anrufen, um mir Wartungsverträge für Kopierer anzubieten (Werbung).',
    { channels: ['phone'], audience: 'business' },
  ),
  clause(
    'de',
    'Ja, die Muster GmbH, Hanau, darf mir ihren Herbstkatalog mit Werbung für Strickwolle einmal im Jahr per Post schicken.',
    { channels: ['post'] },
  ),
  clause(
    'de',
    'Ja, die Muster GmbH, Hanau, darf mir höchstens einmal im Monat Werbung für Winterreifen per SMS schicken.',
    { channels: ['sms'] },
  ),
  clause(
    'de',
    'Ja, die Muster GmbH, Hanau, darf mir höchstens einmal im Quartal ihre Preisliste für Druckerpapier per Fax schicken (Werbung).',
    { channels: ['fax'] },
  ),
  {
    ...clause('de', ''),
    wording:
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Tee per E-Mail schicken. Wenn ich genug davon habe, reicht eine kurze Nachricht an info@muster.example. Mehr steht in den Datenschutzhinweisen.',
  },
  {
    ...clause('de', ''),
    wording:
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Tee per E-Mail schicken. Ich kann jederzeit sagen, dass ich keine E-Mails mehr möchte, zum Beispiel über den Link am Ende jeder E-Mail. Mehr steht in den Datenschutzhinweisen.',
  },
  {
    ...clause('de', ''),
    wording:
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Tee per E-Mail schicken. Damit kann ich jederzeit Schluss machen, mit einem Klick in jeder E-Mail. Mehr steht in den Datenschutzhinweisen.',
  },
  clause(
    'de',
    'Ja, die Muster GmbH, Hanau, darf mir etwa einmal im Monat Werbung für Tee per E-Mail schicken. Sie wertet nicht aus, ob ich die E-Mails öffne.',
  ),
  clause(
    'de',
    'Ja, die Partner Reisen GmbH, Hanau, darf mir monatlich Werbung für Busreisen per E-Mail schicken.',
    { controllers: [{ name: 'Partner Reisen GmbH' }] },
  ),
  clause('de', 'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Kindersitze per E-Mail schicken.'),
  clause(
    'de',
    'Ja, die Muster GmbH, Hanau, darf meine E-Mail-Adresse an ihre Partnerin Beispiel AG, Köln, weitergeben, damit diese mir monatlich Werbung für Headsets per E-Mail schickt.',
  ),
  clause('de', 'JA, DIE MUSTER GMBH, HANAU, DARF MIR MONATLICH WERBUNG FÜR TEE PER E-MAIL SCHICKEN.', {
    controllers: [{ name: 'MUSTER GMBH' }],
  }),
  clause(
    'de',
    'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung fuer Fahrraeder und Saettel per E-Mail schicken. Ich bin mindestens 18 Jahre alt.',
  ),
  clause(
    'en',
    'Yes, Muster GmbH, Hanau, may e-mail me its newsletter about garden furniture once a month (advertising).',
  ),
  clause(
    'en',
    'Yes, I would like to receive the newsletter of Muster GmbH, Hanau, with advertising for tea by e-mail every other week.',
  ),
  clause(
    'en',
    'I consent to Muster GmbH, Hanau, sending me advertising for saddles by e-mail, no more than four times a year.',
  ),
  clause(
    'en',
    'Yes, Muster GmbH, Hanau, may call me at the number given, at most twice a year, to offer me maintenance contracts for copiers (advertising).',
    { channels: ['phone'], audience: 'business' },
  ),
  clause(
    'en',
    'Yes, Muster GmbH, Hanau, may send me its autumn catalogue with advertising for knitting wool by post once a year.',
    { channels: ['post'] },
  ),
  clause('en', 'Yes, Muster GmbH, Hanau, may text me advertising for winter tyres, at most once a month.', {
    channels: ['sms'],
  }),
  clause(
    'en',
    'Yes, Muster GmbH, Hanau, may fax me its price list for printer paper once a quarter (advertising).',
    { channels: ['fax'] },
  ),
  {
    ...clause('en', ''),
    wording:
      'Yes, Muster GmbH, Hanau, may e-mail me advertising for tea once a month. If I have had enough, a short message to info@muster.example will do. More is in the privacy notice.',
  },
  {
    ...clause('en', ''),
    wording:
      'Yes, Muster GmbH, Hanau, may e-mail me advertising for tea once a month. I can tell you to stop whenever I like, by the link in every e-mail. More is in the privacy notice.',
  },
  {
    ...clause('en', ''),
    wording:
      'Yes, Muster GmbH, Hanau, may text me about its tea offers once a month. To stop the messages at any time, I just reply STOP. More is in the privacy notice.',
    channels: ['sms'],
  },
  clause(
    'en',
    'Yes, Muster GmbH, Hanau, may e-mail me advertising for tea once a month. It never records whether I open the messages.',
  ),
  clause('en', 'Yes, Trusted Partners Ltd, Leeds, may e-mail me advertising for coach tours once a month.', {
    controllers: [{ name: 'Trusted Partners Ltd' }],
  }),
  clause('en', 'Yes, Muster GmbH, Hanau, may e-mail me advertising for child seats once a month.'),
  clause(
    'en',
    'Yes, Muster GmbH, Hanau, may pass my e-mail address on to its partner Beispiel AG, Cologne, so that it can e-mail me advertising for headsets once a month.',
  ),
  clause('en', 'Yes, Muster GmbH, Hanau, may e-mail me advertising for tea once a month. I am 18 or older.'),
  clause(
    'en',
    'Yes, Muster GmbH, Hanau, may e-mail me advertising for tea once a month. That has nothing to do with my order and is optional.',
  ),
];

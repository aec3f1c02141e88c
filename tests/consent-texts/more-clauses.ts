import type { CheckInput } from '#src/consent-texts/wording-check/check-input.ts';
import type { Clause } from './clauses.ts';

const muster = [{ name: 'Muster GmbH', place: 'Hanau' }];
const nordlicht = [{ name: 'Nordlicht Optik GmbH', place: 'Kiel' }];
const tailDe =
  'Das ist freiwillig. Ich kann das jederzeit kostenlos widerrufen, über den Link in jeder E-Mail oder formlos an info@muster.example. Mehr steht in den Datenschutzhinweisen.';
const callDe =
  'Das ist freiwillig. Ich kann das jederzeit kostenlos widerrufen, im Gespräch oder formlos an info@muster.example. Mehr steht in den Datenschutzhinweisen.';
const tailEn =
  'This is optional. I can withdraw at any time free of charge by the link in every e-mail. Details are in the privacy notice.';
const kielDe =
  'Die Einwilligung ist freiwillig. Ich kann sie jederzeit kostenlos widerrufen, mit dem Abmeldelink in jeder E-Mail oder einer kurzen Nachricht an service@nordlicht.example. Näheres in den Datenschutzhinweisen.';
const kielEn =
  'This is voluntary. I can revoke it at any time, free of charge, by the unsubscribe link in every e-mail. More in our privacy notice.';

/**
 * Clauses from our own reading of the rulings, good ones first. The rules were improved with them, so they hold what was
 * learnt; how well the rules judge words they have never seen, held-out-clauses.ts tells.
 */
export const moreClauses: Omit<Clause, 'name'>[] = [
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir etwa sechs Mal im Jahr Werbung für Fahrräder per E-Mail schicken. ${tailDe}`,
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir etwa monatlich Werbung für Fahrräder per E-Mail schicken. ${tailDe}`,
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir etwa 10-mal im Jahr Werbung für Fahrräder per E-Mail schicken. ${tailDe}`,
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Fahrräder per E-Mail schicken. Das ist freiwillig. Widerruf jederzeit kostenlos über den Link in jeder E-Mail. Weitere Informationen finden Sie in den Datenschutzhinweisen.',
    ),
    errors: [],
  },
  {
    input: english(
      'Yes, Muster GmbH may send me advertising for bicycles by e-mail, at most once a month. This is optional. I can withdraw at any time by the link in every e-mail. Further information is in the privacy notice.',
    ),
    errors: [],
  },
  {
    input: english(
      'Yes, Muster GmbH may send me advertising for bicycles by e-mail, at most once a month. This is optional. I can withdraw at any time at no cost by the link in every e-mail. Details are in the privacy notice.',
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Fahrräder per E-Mail schicken. Das ist freiwillig. Ich kann jederzeit widerrufen, ohne dass andere als die Übermittlungskosten nach den Basistarifen entstehen, etwa über den Link in jeder E-Mail. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Fahrräder per E-Mail schicken. ${tailDe} Die Rechtmäßigkeit der bis zum Widerruf erfolgten Verarbeitung bleibt unberührt.`,
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Fahrräder per E-Mail schicken. Das ist freiwillig. Die Abmeldung geht jederzeit kostenlos über den Link in jeder E-Mail, ohne sich einloggen zu müssen. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Fahrräder per E-Mail schicken. Das ist freiwillig. Ich kann das jederzeit widerrufen: über den Link in jeder E-Mail oder im Kundenkonto. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Telefonanlagen und Headsets per E-Mail schicken. ${tailDe}`,
      { terms: ['Telefonanlagen', 'Headsets'] },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Postkarten und Flyer per E-Mail schicken. ${tailDe}`,
      { terms: ['Postkarten', 'Flyer'] },
    ),
    errors: [],
  },
  {
    input: english(
      `Yes, Muster GmbH may send me advertising for phone cases by e-mail, at most once a month. ${tailEn}`,
      { terms: ['phone cases'] },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich ihren Newsletter über Bleche und Aluminiumprofile per E-Mail schicken. ${tailDe}`,
      { terms: ['Bleche', 'Aluminiumprofile'] },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Serviceverträge und Angebote zu Ersatzteilen per E-Mail schicken. ${tailDe}`,
      { terms: ['Serviceverträge', 'Ersatzteile'] },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Fahrräder per E-Mail schicken. Die Teilnahme am Gewinnspiel hängt davon nicht ab. ${tailDe}`,
    ),
    errors: [],
    also: ['W24'],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Fahrräder per E-Mail schicken. Wenn ich nicht einwillige, hat das keine nachteiligen Folgen für mich. Ich kann das jederzeit kostenlos widerrufen, über den Link in jeder E-Mail. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Fahrräder per E-Mail schicken. Das ist freiwillig: Kreuze ich das nicht an, hat das keine Auswirkung auf meine Bestellung. Ich kann das jederzeit kostenlos widerrufen, über den Link in jeder E-Mail. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Beispielbank eG, Fulda, darf mich unter der angegebenen Nummer anrufen, um mir Bausparverträge und Ratenkredite anzubieten (Werbung), höchstens zweimal im Jahr. ${callDe}`,
      {
        terms: ['Bausparvertrag', 'Ratenkredit'],
        channels: ['phone'],
        controllers: [{ name: 'Beispielbank eG', place: 'Fulda' }],
      },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, ich möchte von der Muster GmbH, Hanau, viermal im Jahr Werbung zu Gartenmöbeln per Brief bekommen. ${callDe}`,
      { channels: ['post'] },
    ),
    errors: [],
  },
  {
    input: english(
      `Yes, Muster GmbH may send me invitations to its riding competitions by e-mail, at most once a month. ${tailEn}`,
      { terms: ['riding competitions'] },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Reisegutscheine per E-Mail schicken. ${tailDe}`,
      { terms: ['Reisegutscheine'] },
    ),
    errors: [],
  },
  {
    input: english(
      `Yes, Muster GmbH may send me advertising for bicycles by e-mail, at most once a month. If you do not tick the box, we send you nothing. ${tailEn}`,
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir einmal im Monat ihren Newsletter über Laufschuhe per E-Mail schicken. Das ist freiwillig. Du kannst deine Einwilligung jederzeit kostenlos widerrufen, am einfachsten über den Abmeldelink in jeder Ausgabe. Mehr dazu in unserer Datenschutzerklärung.',
      { terms: ['Laufschuhe'] },
    ),
    errors: [],
  },
  {
    input: german(
      `Ich willige ein, dass die Muster GmbH, Hanau, mir höchstens zweimal im Monat Werbung für Strom- und Gastarife per E-Mail schickt. ${tailDe}`,
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Kinderschuhe per E-Mail schicken. ${tailDe}`,
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Fahrräder per E-Mail schicken. Die Adresse bleibt bei uns; wir geben sie niemandem weiter. ${tailDe}`,
    ),
    errors: [],
  },
  {
    input: english(
      `Yes, Muster GmbH may send me advertising for bicycles by e-mail, at most once a month. We never share your address with anyone. ${tailEn}`,
    ),
    errors: [],
  },
  {
    input: english(
      'I agree that Muster GmbH may e-mail me its monthly newsletter about garden tools (advertising). Refusing has no disadvantage for me. I may revoke this at any time without giving reasons, simply by replying or by the link at the end of each issue. See our privacy policy.',
      { terms: ['garden tools'] },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir ein- bis zweimal im Monat Werbung für Fahrräder per E-Mail schicken. ${tailDe}`,
      { frequency: { times: 2, per: 'month' } },
    ),
    errors: [],
  },
  {
    input: english(
      `Yes, Muster GmbH may send me no more than two e-mails per month with advertising for bicycles. ${tailEn}`,
      { frequency: { times: 2, per: 'month' } },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Müller & Söhne GmbH & Co. KG, Kassel, darf mir monatlich Werbung für Fenster per E-Mail schicken. ${tailDe}`,
      { controllers: [{ name: 'Müller & Söhne GmbH & Co. KG', place: 'Kassel' }] },
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir etwa fünfmal im Jahr ihren Katalog mit Teppichen per Post schicken (Werbung). Das ist freiwillig. Eine Postkarte oder E-Mail an info@muster.example genügt, und wir hören auf: Ich kann jederzeit widerrufen. Weitere Informationen stehen in der Datenschutzerklärung.',
      { terms: ['Teppiche'], channels: ['post'] },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir vierteljährlich ihren Newsletter zu Telefontarifen und Faxgeräten per E-Mail schicken. ${tailDe}`,
      { terms: ['Telefontarife', 'Faxgeräte'] },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich ihren Newsletter über Kassensysteme und Umfrage-Software per E-Mail schicken. ${tailDe}`,
      { terms: ['Kassensysteme', 'Umfrage-Software'] },
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir höchstens dreimal im Monat Werbung für Kaffee per E-Mail schicken. Wenn ich das Kästchen leer lasse, bekomme ich keine Werbung. Ich kann jederzeit widerrufen, ohne Angabe von Gründen, mit dem Link in jeder E-Mail. Das ist freiwillig. Näheres in den Datenschutzhinweisen.',
      { terms: ['Kaffee'] },
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Kaffee per E-Mail schicken. Das ist freiwillig. Der Widerruf kostet keine Gebühren und braucht kein Kundenkonto: ein Klick auf den Link in jeder E-Mail reicht. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Kaffee per E-Mail schicken. Meine Einwilligung ist für die Bestellung nicht erforderlich. Ich kann sie jederzeit kostenlos widerrufen, über den Link in jeder E-Mail. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: [],
  },
  {
    input: english(
      'Yes, I want Muster GmbH to e-mail me advertising for hiking boots up to twice a month. This is voluntary. I can unsubscribe without any cost and without logging in, by the link in each message. More in the privacy notice.',
      { terms: ['hiking boots'] },
    ),
    errors: [],
  },
  {
    input: english(
      `Yes, Muster GmbH may send me advertising for letter scales and fax machines by e-mail, at most once a month. ${tailEn}`,
      { terms: ['letter scales', 'fax machines'] },
    ),
    errors: [],
  },
  {
    input: english(
      'Yes, Muster GmbH may send me advertising for insurance by e-mail, at most once a month. My order does not depend on this consent. I can withdraw at any time by the link in every e-mail. Details are in the privacy notice.',
    ),
    errors: [],
  },
  {
    input: english(
      `Yes, Muster GmbH may send me advertising for tea by e-mail, about four times a year. My address is not shared with anyone else. ${tailEn}`,
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir höchstens zweimal im Jahr eine SMS mit Werbung für Winterreifen an meine Handynummer schicken. Das ist freiwillig. Widerruf jederzeit: Antwort STOPP genügt, kostenlos. Mehr steht in den Datenschutzhinweisen.',
      { terms: ['Winterreifen'], channels: ['sms'] },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Kindersitze per E-Mail schicken. ${tailDe}`,
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, ich bin damit einverstanden, dass mir die Nordlicht Optik GmbH, Kiel, bis zu zwölfmal im Jahr Angebote zu Brillen, Kontaktlinsen und Hörgeräten per E-Mail sendet. ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Nordlicht Optik GmbH, Kiel, darf mich zur Erinnerung an meinen Sehtest anrufen und mir dabei neue Gleitsichtbrillen vorstellen (Werbung). Höchstens einmal im Jahr. Das ist freiwillig; ein „Nein“ hat keinerlei Nachteile. Ich kann das jederzeit formlos widerrufen, auch im Gespräch. Näheres in den Datenschutzhinweisen.',
      { channels: ['phone'], controllers: nordlicht },
    ),
    errors: [],
  },
  {
    input: german(
      `Hiermit willige ich ein, dass die Nordlicht Optik GmbH, Kiel, mir ihren Newsletter über Brillenmode per E-Mail zusendet, maximal 2 × pro Monat. Meine E-Mail-Adresse wird nur dafür verwendet und nicht weitergegeben. ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Nordlicht Optik GmbH, Kiel, darf mir im Frühjahr und im Herbst per Post ihren Prospekt zu Sonnenbrillen schicken (Werbung). Möchte ich das nicht mehr, reicht eine Karte, ein Anruf oder eine E-Mail: Der Widerruf gilt sofort. Das ist freiwillig. Näheres in den Datenschutzhinweisen.',
      { channels: ['post'], controllers: nordlicht },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, ich möchte die Einladungen der Nordlicht Optik GmbH, Kiel, zu ihren Hausmessen per E-Mail bekommen, ungefähr viermal im Jahr (Werbung). ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Nordlicht Optik GmbH, Kiel, darf meine Telefonnummer an die Hanse Hörakustik AG, Lübeck (Hörgeräte), weitergeben. Die Hanse Hörakustik AG darf mich anrufen, um mir Hörgeräte anzubieten (Werbung). Das ist freiwillig. Ich kann das bei jeder der beiden Firmen jederzeit kostenlos widerrufen, auch im Gespräch. Näheres in den Datenschutzhinweisen.',
      {
        purposes: [{ key: 'asked', kind: 'disclosure' }],
        recipients: [{ name: 'Hanse Hörakustik AG', place: 'Lübeck', lineOfBusiness: 'Hörgeräte' }],
        channels: ['phone'],
        controllers: nordlicht,
      },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Nordlicht Optik GmbH, Kiel, darf mir vierteljährlich Werbung für Schulranzen und Kinderbrillen per E-Mail schicken. ${kielDe}`,
      { terms: ['Schulranzen', 'Kinderbrillen'], controllers: nordlicht },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Nordlicht Optik GmbH, Kiel, darf mir Werbung für Bestattungsvorsorge per E-Mail schicken, alle zwei Monate. Sage ich nein, ändert sich an meinem Vertrag nichts. ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: [],
  },
  {
    input: german(
      'Ja, die Nordlicht Optik GmbH, Kiel, darf mich einmal im Quartal per Telefax über Preise für Brillenfassungen informieren (Werbung). Die Einwilligung ist freiwillig. Ich kann sie jederzeit kostenlos widerrufen, per Fax oder E-Mail. Näheres in den Datenschutzhinweisen.',
      { audience: 'business', channels: ['fax'], controllers: nordlicht },
    ),
    errors: [],
  },
  {
    input: english(
      `Yes, please. Nordlicht Optik GmbH may send me its newsletter about reading glasses by e-mail, no more than once a month. ${kielEn}`,
      { controllers: nordlicht },
    ),
    errors: [],
  },
  {
    input: english(
      'I consent to Nordlicht Optik GmbH calling me on the number above about hearing aids (marketing), at most three times a year. It is my free choice. I can withdraw this at any time, during any call or by e-mail, at no charge. See the privacy notice.',
      { channels: ['phone'], controllers: nordlicht },
    ),
    errors: [],
  },
  {
    input: english(
      'Yes, Nordlicht Optik GmbH may text me offers for contact lenses, up to four times a year. Giving consent is optional and my order will go ahead either way. I can opt out at any time by replying STOP. Details are in the privacy notice.',
      { channels: ['sms'], controllers: nordlicht },
    ),
    errors: [],
  },
  {
    input: english(
      'Yes, I would like Nordlicht Optik GmbH to post me its spring catalogue of sunglasses once a year (advertising). I do not have to agree. To stop it, I can write, call or e-mail; withdrawing is free. Details are in the privacy notice.',
      { channels: ['post'], controllers: nordlicht },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Nordlicht Optik GmbH, Kiel, darf auswerten, ob ich ihre Newsletter öffne und welche Links ich anklicke, damit sie mir passendere Angebote zu Brillen per E-Mail schicken kann. Die Auswertung ist mit meiner E-Mail-Adresse verknüpft. ${kielDe}`,
      { purposes: [{ key: 'asked', kind: 'tracking' }], controllers: nordlicht },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, ich möchte, dass mich die Nordlicht Optik GmbH, Kiel, per E-Mail benachrichtigt, sobald neue Reparaturtermine frei sind, höchstens wöchentlich. ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: [],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, und ihre Vertragshändler dürfen mir monatlich Werbung für Neuwagen per E-Mail schicken. ${tailDe}`,
    ),
    errors: ['W01'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, sowie die mit ihr verbundenen Gesellschaften dürfen mir monatlich Werbung für Strom per E-Mail schicken. ${tailDe}`,
    ),
    errors: ['W01'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, und befreundete Unternehmen dürfen mir monatlich Werbung für Wein per E-Mail schicken. ${tailDe}`,
    ),
    errors: ['W01'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Wein per E-Mail oder auf anderem Wege schicken. ${tailDe}`,
    ),
    errors: ['W08'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich per E-Mail Werbung für Wein und sonstige Themen schicken. ${tailDe}`,
    ),
    errors: ['W06'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich auf meine Interessen abgestimmte Werbung für Wein per E-Mail schicken. ${tailDe}`,
    ),
    errors: ['W26'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung rund um Ihr Zuhause per E-Mail schicken. ${tailDe}`,
    ),
    errors: ['W07'],
  },
  {
    input: german(
      `Indem ich auf „Weiter“ klicke, willige ich ein, dass mir die Muster GmbH, Hanau, monatlich Werbung für Wein per E-Mail schickt. ${tailDe}`,
    ),
    errors: ['W15'],
  },
  {
    input: german(
      `Die Muster GmbH, Hanau, schickt mir monatlich Werbung für Wein per E-Mail. Schweigen gilt als Zustimmung. ${tailDe}`,
    ),
    errors: ['W16'],
  },
  {
    input: german(
      `Die Muster GmbH, Hanau, schickt Ihnen monatlich Werbung für Wein per E-Mail. Möchten Sie das nicht, teilen Sie es uns bitte mit. ${tailDe}`,
    ),
    errors: ['W16'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Wein per E-Mail schicken. Wer das nicht will, entfernt bitte den Haken. ${tailDe}`,
    ),
    errors: ['W16'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, schickt dir monatlich Werbung für Wein per E-Mail, wenn du nicht widersprichst. ${tailDe}`,
    ),
    errors: ['W16'],
  },
  {
    input: german(
      `Ich habe nichts dagegen, dass mir die Muster GmbH, Hanau, monatlich Werbung für Wein per E-Mail schickt. ${tailDe}`,
    ),
    errors: ['W27'],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Wein per E-Mail schicken. Das ist freiwillig. Ein Widerruf ist erstmals nach zwölf Monaten möglich, über den Link in jeder E-Mail. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: ['W13'],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Wein per E-Mail schicken. Das ist freiwillig. Der Widerruf muss begründet werden; eine Nachricht an info@muster.example genügt. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: ['W13'],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Wein per E-Mail schicken. Diese Einwilligung ist Voraussetzung für die Bestellung. Ich kann das jederzeit kostenlos widerrufen, über den Link in jeder E-Mail. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: ['W18'],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Wein per E-Mail schicken. Ohne diese Einwilligung können wir Ihre Bestellung nicht annehmen. Ich kann das jederzeit kostenlos widerrufen, über den Link in jeder E-Mail. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: ['W18'],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Wein per E-Mail schicken. Die Datenschutzerklärung habe ich gelesen und akzeptiert. Das ist freiwillig. Ich kann jederzeit widerrufen, über den Link in jeder E-Mail.',
    ),
    errors: ['W20'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Wein per E-Mail schicken und meine Anschrift zu Werbezwecken vermieten. ${tailDe}`,
    ),
    errors: ['W35'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Wein per E-Mail schicken und meine Telefonnummer der Beispiel AG zur Verfügung stellen. ${tailDe}`,
    ),
    errors: ['W35'],
  },
  {
    input: german(
      `Ja, die in der Anlage genannten Firmen dürfen mir monatlich Werbung für Wein per E-Mail schicken. ${tailDe}`,
    ),
    errors: ['W10', 'W36'],
  },
  {
    input: german(
      `Ja, die Muster GmbH & Co. KG, Hanau, darf mir monatlich Werbung für Wein per E-Mail schicken. ${tailDe}`,
    ),
    errors: ['W10'],
  },
  {
    input: german(
      `Ja, die Neue Muster GmbH, Hanau, darf mir monatlich Werbung für Wein per E-Mail schicken. ${tailDe}`,
    ),
    errors: ['W10'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir wöchentlich bis zu drei E-Mails mit Werbung für Wein schicken. ${tailDe}`,
      { frequency: { times: 1, per: 'week' } },
    ),
    errors: ['W29'],
  },
  {
    input: english(
      `Yes, Muster GmbH may send me advertising for wine by e-mail or otherwise, at most once a month. ${tailEn}`,
    ),
    errors: ['W08'],
  },
  {
    input: english(
      `Yes, Muster GmbH and other members of its group may send me advertising for wine by e-mail, at most once a month. ${tailEn}`,
    ),
    errors: ['W01'],
  },
  {
    input: english(
      `Yes, I am 13 or older and Muster GmbH may send me advertising for concert tickets by e-mail, at most once a month. ${tailEn}`,
    ),
    errors: ['W25'],
  },
  {
    input: english(
      'Yes, Muster GmbH may send me advertising for wine by e-mail, at most once a month. This consent is a condition of placing an order. I can withdraw at any time by the link in every e-mail. Details are in the privacy notice.',
    ),
    errors: ['W18'],
  },
  {
    input: english(
      `Muster GmbH may send me advertising for wine by e-mail, at most once a month. If we do not hear from you, we take this as a yes. ${tailEn}`,
    ),
    errors: ['W16'],
  },
  {
    input: english(
      `Yes, Muster GmbH may send me advertising for wine based on my interests by e-mail, at most once a month. ${tailEn}`,
    ),
    errors: ['W26'],
  },
  {
    input: english(
      'Yes, Muster GmbH may send me advertising for wine by e-mail, at most once a month. This is optional. I can withdraw after a minimum of 12 months by the link in every e-mail. Details are in the privacy notice.',
    ),
    errors: ['W13'],
  },
  {
    input: english(
      'Yes, Muster GmbH may send me advertising for wine by e-mail, at most once a month. This is optional. To unsubscribe I have to state my reasons by e-mail. Details are in the privacy notice.',
    ),
    errors: ['W13'],
  },
  {
    input: english(
      `Yes, Muster GmbH may send me offers from its advertisers for wine by e-mail, at most once a month. ${tailEn}`,
    ),
    errors: ['W01'],
  },
  {
    input: english(
      `Yes, Muster GmbH may contact me with advertising for wine by e-mail or by whatever means it sees fit. ${tailEn}`,
    ),
    errors: ['W04', 'W08'],
  },
  {
    input: english(
      `Yes, Muster GmbH may send me advertising for wine by e-mail and make my address available to Example Ltd. ${tailEn}`,
    ),
    errors: ['W35'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, und ihre Partnerinnen und Partner dürfen mir monatlich Werbung für Wein per E-Mail schicken. ${tailDe}`,
    ),
    errors: ['W01'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, und ein Händler in meiner Nähe dürfen mir monatlich Werbung für Küchen per E-Mail schicken. ${tailDe}`,
    ),
    errors: ['W01'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für ihr gesamtes Angebot per E-Mail schicken. ${tailDe}`,
    ),
    errors: ['W07', 'W11'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung zu Themen wie Finanzen, Freizeit und Gesundheit per E-Mail schicken. ${tailDe}`,
    ),
    errors: ['W05', 'W11'],
  },
  {
    input: english(
      `Yes, Muster GmbH may send me advertising on topics like finance, leisure and health by e-mail, at most once a month. ${tailEn}`,
    ),
    errors: ['W05'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, und ihre Franchisenehmer dürfen mir monatlich Werbung für Pizza per E-Mail schicken. ${tailDe}`,
    ),
    errors: ['W01'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, und die ihr angeschlossenen Gesellschaften dürfen mir monatlich Werbung für Pizza per E-Mail schicken. ${tailDe}`,
    ),
    errors: ['W01'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich per E-Mail und über andere Kanäle Werbung für Pizza schicken. ${tailDe}`,
    ),
    errors: ['W08'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich per E-Mail Werbung für Pizza und andere Produkte schicken. ${tailDe}`,
    ),
    errors: ['W06'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich per E-Mail Werbung für Pizza schicken, die zu meinem Kaufverhalten passt. ${tailDe}`,
    ),
    errors: ['W26'],
  },
  {
    input: german(
      `Wer bestellt, willigt damit ein, dass ihm die Muster GmbH, Hanau, monatlich Werbung für Pizza per E-Mail schickt. ${tailDe}`,
    ),
    errors: ['W15'],
  },
  {
    input: german(
      `Die Muster GmbH, Hanau, darf mir monatlich Werbung für Pizza per E-Mail schicken. Hören wir nichts von Ihnen, gehen wir von Ihrem Einverständnis aus. ${tailDe}`,
    ),
    errors: ['W16'],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Pizza per E-Mail schicken. Das ist freiwillig. Der Widerruf ist nur persönlich in der Filiale möglich. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: ['W13'],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Pizza per E-Mail schicken. Bei einem Widerruf berechnen wir 5 Euro, eine Nachricht genügt. Das ist freiwillig. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: ['W13'],
  },
  {
    input: german(
      'Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Strom per E-Mail schicken. Der Vertrag kommt nur mit dieser Einwilligung zustande. Ich kann sie jederzeit kostenlos widerrufen, über den Link in jeder E-Mail. Mehr steht in den Datenschutzhinweisen.',
    ),
    errors: ['W18'],
  },
  {
    input: german(
      `Ja, ich bin mit den Allgemeinen Geschäftsbedingungen einverstanden, und die Muster GmbH, Hanau, darf mir monatlich Werbung für Strom per E-Mail schicken. ${tailDe}`,
    ),
    errors: ['W19'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mir monatlich Werbung für Strom per E-Mail schicken und meine E-Mail-Adresse an Adresshändler verkaufen. ${tailDe}`,
    ),
    errors: ['W35'],
  },
  {
    input: german(
      `Ja, die Muster GmbH Vertrieb AG, Hanau, darf mir monatlich Werbung für Strom per E-Mail schicken. ${tailDe}`,
    ),
    errors: ['W10'],
  },
  {
    input: english(
      `Yes, Muster GmbH and its authorised dealers may send me advertising for cars by e-mail, at most once a month. ${tailEn}`,
    ),
    errors: ['W01'],
  },
  {
    input: english(
      `Muster GmbH may send me advertising for cars by e-mail, at most once a month. Silence counts as consent. ${tailEn}`,
    ),
    errors: ['W16'],
  },
  {
    input: english(
      'Yes, Muster GmbH may send me advertising for cars by e-mail, at most once a month. We can only process your order if you agree to this. I can withdraw at any time by the link in every e-mail. Details are in the privacy notice.',
    ),
    errors: ['W18'],
  },
  {
    input: english(
      `Yes, Muster GmbH may send me advertising for cars that matches my browsing behaviour by e-mail, at most once a month. ${tailEn}`,
    ),
    errors: ['W26'],
  },
  {
    input: english(
      'Yes, Muster GmbH may send me advertising for cars by e-mail, at most once a month. This is optional. Withdrawal takes effect 40 days after we receive your letter. Details are in the privacy notice.',
    ),
    errors: ['W13'],
  },
  {
    input: german(
      `Ja, die Nordlicht Optik GmbH, Kiel, und alle Mitglieder der Einkaufsgemeinschaft dürfen mir monatlich Werbung für Brillen per E-Mail schicken. ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: ['W01'],
  },
  {
    input: german(
      `Ja, die Nordlicht Optik GmbH, Kiel, darf mir regelmäßig per E-Mail alles Neue aus Mode, Gesundheit und Freizeit schicken (Werbung). ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: ['W07', 'W11'],
  },
  {
    input: german(
      `Ja, die Nordlicht Optik GmbH, Kiel, darf mich auf jede erdenkliche Weise zu Brillen bewerben, auch per E-Mail. ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: ['W08'],
  },
  {
    input: german(
      `Mit meiner Unterschrift auf diesem Kaufvertrag erkläre ich mich einverstanden, von der Nordlicht Optik GmbH, Kiel, Werbung für Brillen per E-Mail zu erhalten. ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: ['W15'],
  },
  {
    input: german(
      `Die Nordlicht Optik GmbH, Kiel, schickt Ihnen monatlich Werbung für Brillen per E-Mail. Sind Sie damit nicht einverstanden, kreuzen Sie bitte hier an: ☐ ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: ['W16'],
  },
  {
    input: german(
      'Ja, die Nordlicht Optik GmbH, Kiel, darf mir monatlich Werbung für Brillen per E-Mail schicken. Die Einwilligung ist freiwillig. Sie kann nur durch eingeschriebenen Brief widerrufen werden. Näheres in den Datenschutzhinweisen.',
      { controllers: nordlicht },
    ),
    errors: ['W13'],
  },
  {
    input: german(
      'Ja, die Nordlicht Optik GmbH, Kiel, darf mir monatlich Werbung für Brillen per E-Mail schicken. Die Einwilligung ist freiwillig. Ein Widerruf ist während der ersten zwei Jahre nicht vorgesehen; danach reicht eine Nachricht. Näheres in den Datenschutzhinweisen.',
      { controllers: nordlicht },
    ),
    errors: ['W14'],
  },
  {
    input: german(
      'Ja, die Nordlicht Optik GmbH, Kiel, darf mir monatlich Werbung für Brillen per E-Mail schicken. Nur wer zustimmt, kann im Online-Shop bestellen. Ich kann das jederzeit kostenlos widerrufen, mit dem Abmeldelink in jeder E-Mail. Näheres in den Datenschutzhinweisen.',
      { controllers: nordlicht },
    ),
    errors: ['W18'],
  },
  {
    input: german(
      `Ja, die Nordlicht Optik GmbH, Kiel, darf mir monatlich Werbung für Brillen per E-Mail schicken und meine Kontaktdaten mit Adressdienstleistern abgleichen und austauschen. ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: ['W35'],
  },
  {
    input: german(
      `Ja, die Nordlicht Optik GmbH, Kiel, darf mir monatlich Werbung für Brillen per E-Mail schicken. Die beteiligten Unternehmen finden Sie unter nordlicht.example/firmen. ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: ['W01', 'W36'],
  },
  {
    input: german(
      `Ja, die Nordlicht Optik GmbH, Kiel, darf mir zur Bearbeitung meiner Reklamation und für Werbung zu Brillen E-Mails schicken. ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: ['W37'],
  },
  {
    input: german(
      `Ja, die Nordlicht, Kiel, darf mir monatlich Werbung für Brillen per E-Mail schicken. ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: ['W10'],
  },
  {
    input: german(
      `Ja, die Nordlicht Optik GmbH, Kiel, darf mir monatlich Werbung für Brillen per WhatsApp und E-Mail schicken. ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: ['W09'],
  },
  {
    input: german(
      `Ja, die Nordlicht Optik GmbH, Kiel, darf mir zweimal pro Woche Werbung für Brillen per E-Mail schicken. ${kielDe}`,
      { frequency: { times: 1, per: 'month' }, controllers: nordlicht },
    ),
    errors: ['W29'],
  },
  {
    input: german(
      `Nein, ich möchte nicht auf die Werbung der Nordlicht Optik GmbH, Kiel, für Brillen per E-Mail verzichten. ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: ['W27'],
  },
  {
    input: german(
      `Ja, ich bin 15 und möchte per E-Mail Werbung der Nordlicht Optik GmbH, Kiel, für Brillen bekommen. ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: ['W25'],
  },
  {
    input: german(
      `Ja, die Nordlicht Optik GmbH, Kiel, darf aus meinen Einkäufen ein Kundenprofil bilden und mir danach Werbung für Brillen per E-Mail schicken. ${kielDe}`,
      { controllers: nordlicht },
    ),
    errors: ['W26'],
  },
  {
    input: english(
      `Yes, Nordlicht Optik GmbH and companies it works with may send me advertising for glasses by e-mail, at most once a month. ${kielEn}`,
      { controllers: nordlicht },
    ),
    errors: ['W01'],
  },
  {
    input: english(
      `Yes, Nordlicht Optik GmbH may send me news it thinks I will like by e-mail, at most once a month. ${kielEn}`,
      { controllers: nordlicht },
    ),
    errors: ['W06', 'W11'],
  },
  {
    input: english(
      `Your e-mail address will be added to the mailing list of Nordlicht Optik GmbH for offers on glasses unless you tell us otherwise. ${kielEn}`,
      { controllers: nordlicht },
    ),
    errors: ['W16'],
  },
  {
    input: english(
      'Yes, Nordlicht Optik GmbH may send me advertising for glasses by e-mail, at most once a month. This is voluntary. I can revoke it by sending a signed letter to head office; no other form is accepted. More in our privacy notice.',
      { controllers: nordlicht },
    ),
    errors: ['W13'],
  },
  {
    input: english(
      'Yes, Nordlicht Optik GmbH may send me advertising for glasses by e-mail, at most once a month. I accept that this consent is permanent and cannot be taken back. More in our privacy notice.',
      { controllers: nordlicht },
    ),
    errors: ['W12', 'W14'],
  },
  {
    input: english(
      `I have read the general terms of sale and agree to them and to advertising for glasses by e-mail from Nordlicht Optik GmbH, at most once a month. ${kielEn}`,
      { controllers: nordlicht },
    ),
    errors: ['W19'],
  },
  {
    input: english(
      'Yes, Nordlicht Optik GmbH may send me advertising for glasses by e-mail, at most once a month. Ticking this box is necessary to complete the purchase. I can revoke it at any time by the unsubscribe link in every e-mail. More in our privacy notice.',
      { controllers: nordlicht },
    ),
    errors: ['W18'],
  },
  {
    input: english(
      `Yes, Nordlicht Optik GmbH may send me advertising for glasses by e-mail, at most once a month, and let Hanse Hearing Ltd have my address. ${kielEn}`,
      { controllers: nordlicht },
    ),
    errors: ['W35'],
  },
  {
    input: german(
      `Ja, die Muster GmbH, Hanau, darf mich per E-Mail zu Glasbläser-Kursen einladen, ungefähr dreimal im Jahr (Werbung). Meine Adresse bleibt bei ihr. ${tailDe}`,
    ),
    errors: [],
  },
  {
    input: english(
      `Yes, Muster GmbH may send me offers on drinking glasses by e-mail, at most six times a year. We do not sell your address. ${tailEn}`,
    ),
    errors: [],
  },
  {
    input: german(
      `Mit dem Kauf stimme ich zu, dass mir die Muster GmbH, Hanau, monatlich Werbung für Gläser per E-Mail schickt. ${tailDe}`,
    ),
    errors: ['W15'],
  },
  {
    input: german(
      `Die Muster GmbH, Hanau, schickt mir monatlich Werbung für Gläser per E-Mail. Bitte abhaken, falls nicht gewünscht. ${tailDe}`,
    ),
    errors: ['W16'],
  },
  {
    input: english(
      `Yes, Muster GmbH and anyone it chooses may send me advertising for glasses by e-mail, at most once a month. ${tailEn}`,
    ),
    errors: ['W01', 'W04'],
  },
  {
    input: english(
      `Yes, Muster GmbH may send me advertising for glasses by e-mail, at most once a month, and hand my address to Example Ltd. ${tailEn}`,
    ),
    errors: ['W35'],
  },
];

function german(wording: string, more: Partial<CheckInput> = {}): CheckInput {
  return { locale: 'de', wording, channels: ['email'], controllers: muster, ...more };
}

function english(wording: string, more: Partial<CheckInput> = {}): CheckInput {
  return { locale: 'en', wording, channels: ['email'], controllers: muster, ...more };
}

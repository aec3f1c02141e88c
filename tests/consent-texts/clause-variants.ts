import type { CheckInput, RuleLanguage } from '#src/consent-texts/wording-check/check-input.ts';

/** The same words as other people type, set and copy them. */
export const spellings: Record<string, (text: string) => string> = {
  'without umlauts': (text) =>
    text
      .replace(/[ÄÖÜ](?=\p{Lu})/gu, (letter) => (TWO_LETTERS[letter] ?? letter).toUpperCase())
      .replace(/[äöüÄÖÜß]/gu, (letter) => TWO_LETTERS[letter] ?? letter),
  'in decomposed letters': (text) => text.normalize('NFD'),
  'with soft hyphens': (text) => text.replace(/(\p{L}{4})(?=\p{L}{3})/gu, '$1\u00ad'),
  'with blanks that do not break': (text) => text.replaceAll(' ', '\u00a0'),
  'over several lines': (text) => text.replace(/ (?=\p{L}{5})/gu, '\r\n'),
};

/** Only for what is wrong anyhow: a sound text keeps its capitals. */
export const roughSpellings: Record<string, (text: string) => string> = {
  ...spellings,
  'in capitals': (text) => text.toUpperCase(),
  'in small letters': (text) => text.toLowerCase(),
};

const TWO_LETTERS: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'Ae', Ö: 'Oe', Ü: 'Ue', ß: 'ss' };

/** Sentences and turns that spoil any text, by the rules of which one has to name them. */
export const spoilers: Record<RuleLanguage, [rules: string, words: string][]> = {
  de: [
    ['W26 W21', 'Dabei wird erfasst, ob und wann ich die E-Mails öffne.'],
    ['W26 W21', 'Welche Links ich anklicke, hält sie in einer Statistik fest.'],
    ['W26 W21', 'Ein unsichtbares Bild meldet, wie lange ich die Nachricht lese.'],
    ['W16', 'Wer das nicht wünscht, nimmt das Häkchen heraus.'],
    ['W16', 'Mein Schweigen wird als Zustimmung gewertet.'],
    ['W16', 'Melde ich mich nicht, so gilt das als Einverständnis.'],
    ['W04', 'Weitere Themen werden später festgelegt.'],
    ['W04', 'Die Auswahl der Themen liegt im Ermessen des Unternehmens.'],
    ['W04', 'Welche Produkte beworben werden, entscheidet das Unternehmen jeweils selbst.'],
    ['W05', 'Dazu gehören beispielsweise Zubehör und Pflegemittel.'],
    ['W05', 'Beworben werden auch Waren und vieles mehr.'],
    ['W05', 'Geworben wird auch mit Waren und vielem mehr.'],
    ['W06', 'Ich bekomme so auch nützliche Tipps.'],
    ['W06', 'Dazu kommt alles, was mir gefallen könnte.'],
    ['W01 W02', 'Das gilt auch für befreundete Betriebe.'],
    ['W01 W02', 'Auch Firmen, mit denen sie kooperiert, dürfen mir schreiben.'],
    ['W25', 'Ich bin fünfzehn Jahre alt.'],
    ['W25', 'Das richtet sich auch an Minderjährige.'],
    ['W14', 'Auf mein Widerspruchsrecht verzichte ich.'],
    ['W14', 'Ein Recht zum Widerruf steht mir nicht zu.'],
    ['W19', 'Zugleich bestelle ich das Startpaket und willige in die Werbung ein.'],
    ['W08', 'Das darf auch auf jedem anderen Weg geschehen.'],
  ],
  en: [
    ['W26 W21', 'It also records whether and when I open the messages.'],
    ['W26 W21', 'Which links I click on is kept in its statistics.'],
    ['W26 W21', 'An invisible image reports how long I read the message.'],
    ['W16', 'Anyone who does not want this removes the tick from the box.'],
    ['W16', 'My silence is treated as consent.'],
    ['W16', 'If I do not reply, that counts as a yes.'],
    ['W04', 'Further topics will be determined later.'],
    ['W04', 'The choice of topics is at the discretion of the company.'],
    ['W04', 'The company decides from time to time which products are added.'],
    ['W05', 'These are, for example, accessories and care products.'],
    ['W05', 'It also advertises goods and much more.'],
    ['W06', 'I will also get useful tips.'],
    ['W06', 'I will also hear of anything I might like.'],
    ['W01 W02', 'The same goes for its business friends.'],
    ['W01 W02', 'Companies that it works with may write to me as well.'],
    ['W25', 'I am fifteen years old.'],
    ['W25', 'This also addresses minors.'],
    ['W14', 'I waive my right to object.'],
    ['W14', 'I have no right to withdraw.'],
    ['W19', 'I also order the starter pack and agree to receive advertising.'],
    ['W08', 'This may also happen by any other means.'],
  ],
};

interface Slots {
  company: string[];
  often: string[];
  what: string[];
  send: string[];
}

const SLOTS: Record<RuleLanguage, Slots> = {
  de: {
    company: [
      'Muster GmbH',
      'Partner Reisen GmbH',
      'Vielfalt und Mehr AG',
      'Weberei Öhl KG',
      'Kinderland GmbH',
    ],
    often: [
      'monatlich',
      'höchstens zweimal im Jahr',
      'einmal in der Woche',
      'vierteljährlich',
      'etwa alle sechs Wochen',
    ],
    what: [
      'Tee',
      'Kinderschuhe',
      'Umfrage-Software',
      'Netzwerkkabel und Steckdosen',
      'Öfen',
      'Messgeräte',
      'Klickpedale',
      'Türöffner',
      'Bausätze ab 12 Teilen',
      'Partnerringe',
      'Wein aus Franken',
      'Lesebrillen',
    ],
    send: ['schicken', 'senden', 'zusenden', 'zuschicken', 'zukommen lassen', 'übersenden'],
  },
  en: {
    company: ['Muster GmbH', 'Trusted Partners Ltd', 'And More Ltd', 'Weaver & Sons Ltd', 'Kids First Ltd'],
    often: ['once a month', 'at most twice a year', 'once a week', 'quarterly', 'about every six weeks'],
    what: [
      'tea',
      "children's shoes",
      'survey software',
      'network cables and sockets',
      'ovens',
      'measuring instruments',
      'click pedals',
      'door openers',
      'tracking collars for dogs',
      'wedding rings',
      'wine from Franconia',
      'reading glasses',
    ],
    send: ['send me', 'e-mail me', 'mail me', 'write to me with', 'let me have', 'provide me with'],
  },
};

/** A sound text, and with each word of a slot in turn: one word changed, and still sound. */
export function soundVariants(locale: RuleLanguage): CheckInput[] {
  const slots = SLOTS[locale];
  const first = Object.fromEntries(Object.entries(slots).map(([slot, words]) => [slot, words[0]])) as Record<
    keyof Slots,
    string
  >;
  return (Object.keys(slots) as (keyof Slots)[]).flatMap((slot) =>
    slots[slot].map((word) => soundText(locale, { ...first, [slot]: word })),
  );
}

function soundText(
  locale: RuleLanguage,
  { company, often, what, send }: Record<keyof Slots, string>,
): CheckInput {
  const wording =
    locale === 'de'
      ? `Ja, die ${company}, Hanau, darf mir ${often} per E-Mail Werbung für ${what} ${send}. Das kann ich jederzeit kostenlos widerrufen, z. B. über den Link in jeder E-Mail. Mehr steht in den Datenschutzhinweisen.`
      : `Yes, ${company}, Hanau, may ${send} advertising for ${what} by e-mail ${often}. I can withdraw this at any time free of charge, for example by the link in every e-mail. More is in the privacy notice.`;
  return { locale, wording, channels: ['email'], controllers: [{ name: company }], terms: [what] };
}

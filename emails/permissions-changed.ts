import type { Basis, Channel, Locale, PermissionState } from '#db/schema.ts';
import { dateTimeText, exactTimeText } from '#src/i18n/dates.ts';
import {
  groundAnswer,
  groundSentences,
  type SpokenGround,
  speechOf,
  standsOnConsent,
} from '#src/i18n/ground-words.ts';
import { translator } from '#src/i18n/translate.ts';
import type { AnswerGroup, Block } from './blocks.ts';
import { gaps } from './gaps.ts';
import { layOut, type Mail, type MailController } from './layout.ts';
import { answers, byChannel, companyAfter, enumeration, inQuotes } from './words.ts';

export interface PermissionsChangedMail {
  locale: Locale;
  at: string;
  changes: PermissionsChange[];
  controllers: (MailController & { cells: PermissionsChangedCell[] })[];
  /** Restriction of processing (Art. 18 GDPR). */
  restriction?: { since: string; endsAt: string | null } | undefined;
  /** Consents that no longer count, because their text was declared invalid. */
  invalidTexts?: { title: string; channel: Channel }[];
  /** Why the mail is sent, if no permission changed. */
  because?: 'text_invalid' | undefined;
  reference: string;
}

interface PermissionsChange {
  title: string;
  channel: Channel;
  to: PermissionState;
  /** Default: consent. */
  basis?: Basis | null;
}

export interface PermissionsChangedCell extends SpokenGround {
  /** Masked; null for the mailbox itself. */
  contactPoint: string | null;
  verified: boolean;
  /** Granted to a text that was declared invalid. */
  invalid?: boolean;
}

/**
 * The "Bestätigung Einverständnis": what changed, and the state of every purpose and channel. Only the basis consent is
 * called a consent; other bases come with the right to object (law.md 7.6).
 */
export function permissionsChangedMail(params: PermissionsChangedMail): Mail {
  const { locale, controllers, reference } = params;
  const say = words[locale](params);
  const several = controllers.length > 1;
  const blocks: Block[] = [
    { block: 'paragraph', text: say.hello },
    ...(params.because ? [] : [{ block: 'paragraph' as const, text: say.changed }]),
    ...invalidBlocks(params),
    ...(params.restriction ? [restrictionBlock(params.restriction, locale)] : []),
    ...controllers.flatMap(({ legal_name, cells }): Block[] => [
      { block: 'heading', text: several ? legal_name : say.all },
      { block: 'answers', groups: answerGroups(cells, locale) },
    ]),
    { block: 'paragraph', text: say.change },
    { block: 'action', label: say.action, url: gaps[locale].manageUrl },
    { block: 'link', label: say.withdrawAll, url: gaps[locale].unsubscribeUrl },
    { block: 'paragraph', text: say.keep },
  ];
  const ended =
    params.because === 'text_invalid' &&
    endedWords[locale](controllers, (params.invalidTexts?.length ?? 1) > 1);
  const { subject, title } = ended || say;
  return layOut({ locale, subject, title, blocks, controllers, reference });
}

/** Explains that consents ended because their text is invalid, and that the person need not act. */
export function invalidText(texts: { title: string; channel: Channel }[], locale: Locale): string {
  const named = texts.map(({ title, channel }) => `${inQuotes(title, locale)} ${byChannel[locale][channel]}`);
  const what = enumeration(named, locale);
  const several = texts.length > 1;
  return locale === 'de'
    ? `${several ? 'Ihre Einwilligungen zählen' : 'Ihre Einwilligung zählt'} nicht mehr: ${what}. Der Wortlaut, dem Sie zugestimmt haben, war nicht in Ordnung. Wir nutzen die ${several ? 'Einwilligungen' : 'Einwilligung'} deshalb nicht mehr. Sie müssen nichts tun.`
    : `Your ${several ? 'consents no longer count' : 'consent no longer counts'}: ${what}. The wording you agreed to was not right, so we no longer use ${several ? 'these consents' : 'this consent'}. You don’t need to do anything.`;
}

function invalidBlocks({ invalidTexts = [], locale }: PermissionsChangedMail): Block[] {
  return invalidTexts.length > 0 ? [{ block: 'paragraph', text: invalidText(invalidTexts, locale) }] : [];
}

type EndedWords = (controllers: MailController[], several: boolean) => { subject: string; title: string };

const endedWords: Record<Locale, EndedWords> = {
  de: ([first, ...others], several) => {
    const [whose, ends] = several ? ['Ihre Einwilligungen', 'zählen'] : ['Ihre Einwilligung', 'zählt'];
    const company = first && others.length === 0 ? ` ${companyAfter('bei', first.legal_name)}` : '';
    return { subject: `${whose}${company} ${ends} nicht mehr`, title: `${whose} ${ends} nicht mehr` };
  },
  en: ([first, ...others], several) => {
    const [whose, end] = several
      ? ['Your consents', 'no longer count']
      : ['Your consent', 'no longer counts'];
    const company = first && others.length === 0 ? ` with ${first.legal_name}` : '';
    return { subject: `${whose}${company} ${end}`, title: `${whose} ${end}` };
  },
};

function restrictionBlock(restriction: Restricted, locale: Locale): Block {
  return { block: 'paragraph', text: restrictionText(restriction, locale) };
}

type Restricted = NonNullable<PermissionsChangedMail['restriction']>;

/** What a person must know during a restriction, and before it ends (Art. 18 (3) GDPR). */
export function restrictionText({ since, endsAt }: Restricted, locale: Locale): string {
  const t = translator(locale);
  const holds = t('restriction.told', { since: dateTimeText(since, locale) });
  return endsAt ? `${holds} ${t('restriction.told.ends', { at: dateTimeText(endsAt, locale) })}` : holds;
}

function answerGroups(cells: PermissionsChangedCell[], locale: Locale): AnswerGroup[] {
  const titles = [...new Set(cells.map((cell) => cell.title))];
  return titles.map((title) => ({
    title,
    rows: cells
      .filter((cell) => cell.title === title)
      .map((cell) => ({
        channel: translator(locale)(`channel.${cell.channel}`),
        answer: cell.invalid
          ? noteWords[locale].invalid
          : (groundAnswer(cell, locale) ?? answers[locale][cell.state]),
        ...looks[lookOf(cell)],
        notes: notes(cell, locale),
      })),
  }));
}

function lookOf(cell: PermissionsChangedCell): PermissionState {
  if (cell.invalid) return 'expired';
  return cell.state === 'granted' && !standsOnConsent(cell) ? 'none' : cell.state;
}

const looks: Record<PermissionState, Pick<AnswerGroup['rows'][number], 'sign' | 'tone'>> = {
  granted: { sign: '✓', tone: 'yes' },
  refused: { sign: '✕', tone: 'no' },
  withdrawn: { sign: '✕', tone: 'no' },
  expired: { sign: '✕', tone: 'no' },
  none: { sign: '○', tone: 'open' },
  pending: { sign: '…', tone: 'waiting' },
};

function notes(cell: PermissionsChangedCell, locale: Locale): string[] {
  const say = noteWords[locale];
  const numberUnproved =
    standsOnConsent(cell) &&
    cell.state === 'granted' &&
    !cell.verified &&
    ['phone', 'sms', 'fax'].includes(cell.channel);
  return [
    cell.since && cell.state !== 'none' ? `${say.since} ${dateTimeText(cell.since, locale)}` : '',
    cell.state === 'pending' ? `${say.until} ${settledAnswer(cell, locale)}` : '',
    cell.contactPoint && cell.state !== 'none' ? cell.contactPoint : '',
    numberUnproved ? say.numberUnproved : '',
    ...groundSentences(cell, locale),
  ].filter((note) => note !== '');
}

function settledAnswer(cell: PermissionsChangedCell, locale: Locale): string {
  const state = cell.settledState;
  return groundAnswer({ ...cell, state }, locale) ?? answers[locale][state];
}

const noteWords = {
  de: {
    since: 'seit',
    until: 'bis dahin gilt:',
    invalid: 'Nein, der Wortlaut war nicht in Ordnung',
    numberUnproved: 'Nummer nicht geprüft: Eine E-Mail bestätigt nur das Postfach',
  },
  en: {
    since: 'since',
    until: 'until then:',
    invalid: 'No, the wording was not right',
    numberUnproved: 'number not verified: an e-mail confirms the mailbox only',
  },
};

const words = { de: german, en: english };

type Said = Record<
  'subject' | 'title' | 'hello' | 'changed' | 'all' | 'change' | 'action' | 'withdrawAll' | 'keep',
  string
>;

/** What the subject is about: no change, one kind of change, or several kinds. */
type Topic = 'status' | 'several' | Kind;
type Kind = 'yes' | 'no' | 'waits' | 'ended' | 'notice' | 'objection' | 'unsaid';

function topicOf(changes: PermissionsChange[]): Topic {
  const kinds = new Set(changes.map(kindOf));
  const [kind = 'status'] = kinds;
  return kinds.size > 1 ? 'several' : kind;
}

function kindOf({ to, basis = null }: PermissionsChange): Kind {
  const consent = standsOnConsent({ basis });
  if (to === 'pending') return 'waits';
  if (to === 'expired') return 'ended';
  if (to === 'granted') return consent ? 'yes' : 'notice';
  if (to === 'none') return 'unsaid';
  return consent ? 'no' : 'objection';
}

function speechIn({ controllers }: PermissionsChangedMail) {
  return speechOf(controllers.flatMap(({ cells }) => cells));
}

function german(params: PermissionsChangedMail): Said {
  const { at, changes, controllers } = params;
  const [first] = controllers;
  const one = controllers.length === 1 && first ? first.legal_name : undefined;
  const when = exactTimeText(at, 'de');
  const topic = topicOf(changes);
  const speech = speechIn(params);
  const titles: Record<Topic, string> = {
    status: speech === 'consent' ? 'Ihre Einwilligungen' : 'Ihr Stand',
    yes: 'Bestätigung: Ihre Einwilligungen',
    no: 'Bestätigung: Ihr Nein',
    waits: 'Noch nicht bestätigt: Ihre Auswahl',
    ended: 'Abgelaufen: was wir Ihnen schicken durften',
    notice: 'Werbung an Sie: Sie können jederzeit widersprechen',
    objection: 'Bestätigung: Ihr Widerspruch',
    unsaid: 'Berichtigung: keine Angabe',
    several: 'Bestätigung: Ihre Änderungen',
  };
  return {
    subject: one ? `${titles[topic]} ${inBrackets(topic, companyAfter('bei', one))}` : titles[topic],
    title: titles[topic],
    hello: 'Guten Tag,',
    changed:
      changes.length === 0
        ? `das ist Ihr Stand am ${when}.`
        : `am ${when} haben wir gespeichert: ${differences(changes, 'de')}.`,
    all: 'Ihr aktueller Stand',
    // The link is about this mailbox only, not about calls and letters.
    withdrawAll: 'Alle E-Mails auf einmal abbestellen',
    ...germanBySpeech[speech],
  };
}

const germanBySpeech = {
  consent: {
    change: 'Sie können alles jederzeit ändern oder widerrufen, auch einzeln:',
    action: 'Meine Einwilligungen ansehen und ändern',
    keep: 'Bitte geben Sie diese E-Mail nicht weiter: Wer die Links hat, kann Ihre Einwilligungen ändern.',
  },
  mixed: {
    change: 'Sie können jederzeit ändern, widerrufen oder widersprechen, auch einzeln:',
    action: 'Alles ansehen und ändern',
    keep: 'Bitte geben Sie diese E-Mail nicht weiter: Wer die Links hat, kann das alles ändern.',
  },
  other: {
    change: 'Sie können jederzeit widersprechen, auch einzeln:',
    action: 'Ansehen und widersprechen',
    keep: 'Bitte geben Sie diese E-Mail nicht weiter: Wer die Links hat, kann das alles ändern.',
  },
};

/** The company is in brackets after a title that is a sentence of its own. */
function inBrackets(topic: Topic, company: string): string {
  return topic === 'notice' || topic === 'ended' ? `(${company})` : company;
}

function english(params: PermissionsChangedMail): Said {
  const { at, changes, controllers } = params;
  const [first] = controllers;
  const one = controllers.length === 1 && first ? first.legal_name : undefined;
  const when = exactTimeText(at, 'en');
  const topic = topicOf(changes);
  const speech = speechIn(params);
  const titles: Record<Topic, string> = {
    status: speech === 'consent' ? 'Your consents' : 'Your current status',
    yes: 'Confirmation: your consents',
    no: 'Confirmation: your no',
    waits: 'Not confirmed yet: your choices',
    ended: 'Expired: what we were allowed to send you',
    notice: 'Advertising to you: you can object at any time',
    objection: 'Confirmation: your objection',
    unsaid: 'Correction: nothing stated',
    several: 'Confirmation: your changes',
  };
  return {
    subject: one ? `${titles[topic]} ${inBrackets(topic, `with ${one}`)}` : titles[topic],
    title: titles[topic],
    hello: 'Hello,',
    changed:
      changes.length === 0
        ? `This is your status on ${when}.`
        : `On ${when} we recorded: ${differences(changes, 'en')}.`,
    all: 'Your current status',
    withdrawAll: 'Unsubscribe from all e-mails at once',
    ...englishBySpeech[speech],
  };
}

const englishBySpeech = {
  consent: {
    change: 'You can change or withdraw everything at any time, also individually:',
    action: 'View and change my consents',
    keep: 'Please do not pass this e-mail on: anyone who has the links can change your consents.',
  },
  mixed: {
    change: 'You can change, withdraw or object to everything at any time, also individually:',
    action: 'View and change everything',
    keep: 'Please do not pass this e-mail on: anyone who has the links can change all of this.',
  },
  other: {
    change: 'You can object at any time, also individually:',
    action: 'View and object',
    keep: 'Please do not pass this e-mail on: anyone who has the links can change all of this.',
  },
};

const differenceWords: Record<Locale, [Kind, string][]> = {
  de: [
    ['yes', 'Ja zu'],
    ['no', 'Nein zu'],
    ['notice', 'läuft, bis Sie widersprechen:'],
    ['objection', 'Ihr Widerspruch gegen'],
    ['waits', 'noch nicht bestätigt:'],
    ['ended', 'abgelaufen:'],
    ['unsaid', 'keine Angabe zu'],
  ],
  en: [
    ['yes', 'yes to'],
    ['no', 'no to'],
    ['notice', 'active until you object:'],
    ['objection', 'your objection to'],
    ['waits', 'not confirmed yet:'],
    ['ended', 'expired:'],
    ['unsaid', 'nothing stated on'],
  ],
};

/** E.g. "Ja zu „Neuigkeiten“ per E-Mail; Nein zu „Einladungen“ per Telefon" */
export function differences(changes: PermissionsChange[], locale: Locale): string {
  const named = (change: PermissionsChange) =>
    `${inQuotes(change.title, locale)} ${byChannel[locale][change.channel]}`;
  return differenceWords[locale]
    .map(([kind, word]) => {
      const these = changes.filter((change) => kindOf(change) === kind).map(named);
      return these.length > 0 ? `${word} ${enumeration(these, locale)}` : '';
    })
    .filter((part) => part !== '')
    .join('; ');
}

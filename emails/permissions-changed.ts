import type { Channel, Locale, PermissionState } from '#db/schema.ts';
import { dateTimeText, exactTimeText } from '#src/i18n/dates.ts';
import { translator } from '#src/i18n/translate.ts';
import type { AnswerGroup, Block } from './blocks.ts';
import { gaps } from './gaps.ts';
import { layOut, type Mail, type MailController } from './layout.ts';
import { answers, byChannel, companyAfter, enumeration, inQuotes } from './words.ts';

export interface PermissionsChangedMail {
  locale: Locale;
  at: string;
  changes: { title: string; channel: Channel; to: PermissionState }[];
  controllers: (MailController & { cells: PermissionsChangedCell[] })[];
  /** Art. 18 GDPR: since when the data are only kept, and until when. */
  restriction?: { since: string; endsAt: string | null } | undefined;
  /** Consents whose words were declared invalid: they no longer count. */
  invalidTexts?: { title: string; channel: Channel }[];
  /** Why the mail is sent, where nothing was changed by anybody. */
  because?: 'text_invalid' | undefined;
  reference: string;
}

export interface PermissionsChangedCell {
  title: string;
  channel: Channel;
  /** Masked; only where the channel is not the mailbox itself. */
  contactPoint: string | null;
  state: PermissionState;
  /** What holds while `state` is `pending`. */
  settledState: PermissionState;
  since: string | null;
  verified: boolean;
  /** Given in words that were declared invalid. */
  invalid?: boolean;
}

/** The "Bestätigung Einverständnis": what changed, and every purpose and channel with Ja, Nein or keine Angabe. */
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
  const ended = params.because === 'text_invalid' && endedWords[locale](controllers);
  const { subject, title } = ended || say;
  return layOut({ locale, subject, title, blocks, controllers, reference });
}

/** A consent that ended because its words do not hold, and that the person need not do anything. */
export function invalidText(texts: { title: string; channel: Channel }[], locale: Locale): string {
  const named = texts.map(({ title, channel }) => `${inQuotes(title, locale)} ${byChannel[locale][channel]}`);
  const what = enumeration(named, locale);
  return locale === 'de'
    ? `Ihre Einwilligung zählt nicht mehr: ${what}. Der Wortlaut, dem Sie zugestimmt haben, war nicht in Ordnung. Wir nutzen die Einwilligung deshalb nicht mehr. Sie müssen nichts tun.`
    : `Your consent no longer counts: ${what}. The wording you agreed to was not right, so we no longer use this consent. You need not do anything.`;
}

function invalidBlocks({ invalidTexts = [], locale }: PermissionsChangedMail): Block[] {
  return invalidTexts.length > 0 ? [{ block: 'paragraph', text: invalidText(invalidTexts, locale) }] : [];
}

const endedWords: Record<Locale, (controllers: MailController[]) => { subject: string; title: string }> = {
  de: ([first, ...others]) => ({
    subject: `Ihre Einwilligung zählt nicht mehr${first && others.length === 0 ? ` ${companyAfter('bei', first.legal_name)}` : ''}`,
    title: 'Ihre Einwilligung zählt nicht mehr',
  }),
  en: ([first, ...others]) => ({
    subject: `Your consent no longer counts${first && others.length === 0 ? ` with ${first.legal_name}` : ''}`,
    title: 'Your consent no longer counts',
  }),
};

function restrictionBlock(restriction: Restricted, locale: Locale): Block {
  return { block: 'paragraph', text: restrictionText(restriction, locale) };
}

type Restricted = NonNullable<PermissionsChangedMail['restriction']>;

/** What a person has to know before the restriction ends (Art. 18 (3) GDPR), and while it holds. */
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
        answer: cell.invalid ? noteWords[locale].invalid : answers[locale][cell.state],
        ...looks[cell.invalid ? 'expired' : cell.state],
        notes: notes(cell, locale),
      })),
  }));
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
    cell.state === 'granted' && !cell.verified && ['phone', 'sms', 'fax'].includes(cell.channel);
  return [
    cell.since && cell.state !== 'none' ? `${say.since} ${dateTimeText(cell.since, locale)}` : '',
    cell.state === 'pending' ? `${say.until} ${answers[locale][cell.settledState]}` : '',
    cell.contactPoint && cell.state !== 'none' ? cell.contactPoint : '',
    numberUnproved ? say.numberUnproved : '',
  ].filter((note) => note !== '');
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

function german({ at, changes, controllers }: PermissionsChangedMail) {
  const [first] = controllers;
  const company = controllers.length === 1 && first ? ` ${companyAfter('bei', first.legal_name)}` : '';
  const when = exactTimeText(at, 'de');
  return {
    subject: `Bestätigung: Ihre Einwilligungen${company}`,
    title: 'Bestätigung Ihrer Einwilligungen',
    hello: 'Guten Tag,',
    changed:
      changes.length === 0
        ? `das ist Ihr Stand am ${when}.`
        : `am ${when} haben wir gespeichert: ${differences(changes, 'de')}.`,
    all: 'So steht es jetzt insgesamt',
    change: 'Ändern oder widerrufen können Sie das jederzeit, auch jedes für sich:',
    action: 'Meine Einwilligungen ansehen und ändern',
    // The link is about this mailbox; calls and letters are for the page above.
    withdrawAll: 'Alle E-Mails auf einmal abbestellen',
    keep: 'Bitte geben Sie diese E-Mail nicht weiter: Wer die Links hat, kann Ihre Einwilligungen ändern.',
  };
}

function english({ at, changes, controllers }: PermissionsChangedMail): ReturnType<typeof german> {
  const [first] = controllers;
  const company = controllers.length === 1 && first ? ` with ${first.legal_name}` : '';
  const when = exactTimeText(at, 'en');
  return {
    subject: `Confirmation: your consents${company}`,
    title: 'Confirmation of your consents',
    hello: 'Hello,',
    changed:
      changes.length === 0
        ? `This is where things stand on ${when}.`
        : `On ${when} we recorded: ${differences(changes, 'en')}.`,
    all: 'How everything stands now',
    change: 'You can change or withdraw this at any time, each on its own:',
    action: 'View and change my consents',
    withdrawAll: 'Unsubscribe from all e-mails at once',
    keep: 'Please do not pass this e-mail on: whoever has the links can change your consents.',
  };
}

const differenceWords: Record<Locale, [PermissionState[], string][]> = {
  de: [
    [['granted'], 'Ja zu'],
    [['refused', 'withdrawn'], 'Nein zu'],
    [['pending'], 'noch nicht bestätigt:'],
    [['expired'], 'abgelaufen:'],
    [['none'], 'keine Angabe zu'],
  ],
  en: [
    [['granted'], 'yes to'],
    [['refused', 'withdrawn'], 'no to'],
    [['pending'], 'not confirmed yet:'],
    [['expired'], 'expired:'],
    [['none'], 'nothing stated on'],
  ],
};

/** One sentence's worth: "Ja zu „Neuigkeiten“ per E-Mail; Nein zu „Einladungen“ per Telefon" */
export function differences(changes: PermissionsChangedMail['changes'], locale: Locale): string {
  const named = (change: PermissionsChangedMail['changes'][number]) =>
    `${inQuotes(change.title, locale)} ${byChannel[locale][change.channel]}`;
  return differenceWords[locale]
    .map(([states, word]) => {
      const these = changes.filter((change) => states.includes(change.to)).map(named);
      return these.length > 0 ? `${word} ${enumeration(these, locale)}` : '';
    })
    .filter((part) => part !== '')
    .join('; ');
}

import type { Basis, Channel, Locale, PermissionState } from '#db/schema/vocabulary.ts';
import { companyName } from '#src/i18n/company-name.ts';
import { dateTimeText, exactTimeText } from '#src/i18n/dates.ts';
import {
  groundAnswer,
  groundSentences,
  type Speech,
  type SpokenGround,
  speechOf,
  standsOnConsent,
} from '#src/i18n/ground-words.ts';
import { translator } from '#src/i18n/translate.ts';
import type { AnswerGroup, Block } from './blocks.ts';
import { gapFor } from './gaps.ts';
import { type LogHead, layOut, type Mail, type MailController } from './layout.ts';
import { enumeration, inQuotes } from './words.ts';

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
  log?: LogHead | undefined;
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
  const { locale, controllers, reference, log } = params;
  const t = translator(locale);
  const several = controllers.length > 1;
  const speech = speechOf(controllers.flatMap(({ cells }) => cells));
  const blocks: Block[] = [
    { block: 'paragraph', text: t('mail.hello') },
    ...(params.because ? [] : [{ block: 'paragraph' as const, text: changedText(params) }]),
    ...invalidBlocks(params),
    ...(params.restriction ? [restrictionBlock(params.restriction, locale)] : []),
    ...controllers.flatMap(({ legal_name, cells }): Block[] => [
      { block: 'heading', text: several ? legal_name : t('mail.permissions_changed.all') },
      { block: 'answers', groups: answerGroups(cells, locale) },
    ]),
    { block: 'paragraph', text: t(`mail.permissions_changed.change.${speech}`) },
    {
      block: 'action',
      label: t(`mail.permissions_changed.action.${speech}`),
      url: gapFor('manageUrl', locale),
    },
    // The link is about this mailbox only, not about calls and letters.
    {
      block: 'link',
      label: t('mail.permissions_changed.withdraw_all'),
      url: gapFor('unsubscribeUrl', locale),
    },
    { block: 'paragraph', text: t(`mail.permissions_changed.keep.${speech}`) },
  ];
  return layOut({ locale, ...titlesOf(params, speech), blocks, controllers, reference, log });
}

function titlesOf(params: PermissionsChangedMail, speech: Speech): { subject: string; title: string } {
  const { locale, controllers, changes, because } = params;
  const t = translator(locale);
  const [only, ...others] = controllers;
  const company = only && others.length === 0 ? companyName(only.legal_name, locale) : undefined;
  if (because === 'text_invalid') {
    const count = params.invalidTexts?.length ?? 1;
    const title = t('mail.permissions_changed.title.invalid', { count });
    return {
      subject: company ? t('mail.permissions_changed.subject.invalid', { count, company }) : title,
      title,
    };
  }
  const topic = topicOf(changes);
  const title =
    topic === 'status' && speech !== 'consent'
      ? t('mail.permissions_changed.title.status.other')
      : t(`mail.permissions_changed.title.${topic}`);
  if (!company) return { subject: title, title };
  // The company is in brackets after a title that is a sentence of its own.
  const isSentence = topic === 'notice' || topic === 'ended';
  return {
    subject: isSentence
      ? t('mail.permissions_changed.subject.sentence', { title, company })
      : t('mail.permissions_changed.subject', { title, company }),
    title,
  };
}

function changedText({ locale, at, changes }: PermissionsChangedMail): string {
  const t = translator(locale);
  const when = exactTimeText(at, locale);
  return changes.length === 0
    ? t('mail.permissions_changed.changed.nothing', { at: when })
    : t('mail.permissions_changed.changed', { at: when, what: differences(changes, locale) });
}

/** Explains that consents ended because their text is invalid, and that the person need not act. */
export function invalidText(texts: { title: string; channel: Channel }[], locale: Locale): string {
  const what = enumeration(
    texts.map((text) => namedOnChannel(text, locale)),
    locale,
  );
  return translator(locale)('mail.permissions_changed.invalid', { what, count: texts.length });
}

/** "„Neuigkeiten“ per E-Mail" */
function namedOnChannel({ title, channel }: { title: string; channel: Channel }, locale: Locale): string {
  return `${inQuotes(title, locale)} ${translator(locale)(`mail.by_channel.${channel}`)}`;
}

function invalidBlocks({ invalidTexts = [], locale }: PermissionsChangedMail): Block[] {
  return invalidTexts.length > 0 ? [{ block: 'paragraph', text: invalidText(invalidTexts, locale) }] : [];
}

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
  const t = translator(locale);
  const titles = [...new Set(cells.map((cell) => cell.title))];
  return titles.map((title) => ({
    title,
    rows: cells
      .filter((cell) => cell.title === title)
      .map((cell) => ({
        channel: t(`channel.${cell.channel}`),
        answer: cell.invalid ? t('mail.answer.invalid') : answerIn(cell, cell.state, locale),
        ...looks[lookOf(cell)],
        notes: notes(cell, locale),
      })),
  }));
}

/** Yes, no or not stated; for another basis than a consent what it comes to. */
function answerIn(cell: PermissionsChangedCell, state: PermissionState, locale: Locale): string {
  return groundAnswer({ ...cell, state }, locale) ?? translator(locale)(`mail.answer.${state}`);
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
  const t = translator(locale);
  const numberUnproved =
    standsOnConsent(cell) &&
    cell.state === 'granted' &&
    !cell.verified &&
    ['phone', 'sms', 'fax'].includes(cell.channel);
  const stated = cell.state !== 'none';
  return [
    cell.since && stated ? t('mail.permissions_changed.since', { at: dateTimeText(cell.since, locale) }) : '',
    cell.state === 'pending'
      ? t('mail.permissions_changed.until_then', { answer: answerIn(cell, cell.settledState, locale) })
      : '',
    cell.contactPoint && stated ? cell.contactPoint : '',
    numberUnproved ? t('mail.permissions_changed.number_unproved') : '',
    ...groundSentences(cell, locale),
  ].filter((note) => note !== '');
}

/** What the subject is about: no change, one kind of change, or several kinds. */
type Topic = 'status' | 'several' | Kind;
type Kind = (typeof kinds)[number];

/** In the order in which a mail tells them. */
const kinds = ['yes', 'no', 'notice', 'objection', 'waits', 'ended', 'unsaid'] as const;

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

/** E.g. "Ja zu „Neuigkeiten“ per E-Mail; Nein zu „Einladungen“ per Telefon" */
export function differences(changes: PermissionsChange[], locale: Locale): string {
  const t = translator(locale);
  return kinds
    .map((kind) => {
      const these = changes.filter((change) => kindOf(change) === kind);
      const what = enumeration(
        these.map((change) => namedOnChannel(change, locale)),
        locale,
      );
      return what && t(`mail.permissions_changed.difference.${kind}`, { what });
    })
    .filter((part) => part !== '')
    .join('; ');
}

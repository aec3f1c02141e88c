import type { Locale } from '#db/schema/vocabulary.ts';
import { exactTimeText } from '#src/i18n/dates.ts';
import { inLocale } from '#src/i18n/locales.ts';
import { type Translate, translator } from '#src/i18n/translate.ts';
import { compare } from '../by-then.ts';
import type { Story } from '../story.ts';
import type { StoryEvent } from '../story-events.ts';
import type { TimelineLine } from './sheet.ts';
import { actorText } from './tell-actor.ts';
import { blockLines, entriesOf, personLines, textLines } from './tell-around.ts';
import { eventTitle } from './tell-event.ts';

/** More uses than that are one line. */
const mostUses = 10;

/** Everything that happened, oldest first. `usesAnnex`: the letter of the annex that has all uses. */
export function describeTimeline(
  story: Story,
  locale: Locale,
  usesAnnex: string | undefined,
): TimelineLine[] {
  const t = translator(locale);
  const lines = [
    ...textLines(story.texts, t),
    ...documentLines(story, t),
    ...eventLines(story, usesAnnex, t),
    ...mailLines(story, t),
    ...letterLines(story, t),
    ...blockLines(story, t),
    ...personLines(story, t),
  ];
  return lines
    .map(({ at, what, who, entries }) => ({ at, what, who, entries }))
    .sort((a, b) => compare(a.at, b.at));
}

function eventLines(story: Story, usesAnnex: string | undefined, t: Translate): TimelineLine[] {
  const uses = story.events.filter(({ kind }) => kind === 'used');
  const isMany = uses.length > mostUses;
  const told = isMany ? story.events.filter(({ kind }) => kind !== 'used') : story.events;
  const [first, last] = [uses[0], uses.at(-1)];
  return [
    ...told.map((event) => eventLine(story, event, t)),
    ...(isMany && first && last
      ? [
          {
            at: last.occurredAt,
            what: t('proof.line.uses', {
              count: uses.length,
              first: exactTimeText(first.occurredAt, t.locale),
              letter: usesAnnex ?? '',
            }),
            who: '',
            entries: [],
          },
        ]
      : []),
  ];
}

function eventLine(story: Story, event: StoryEvent, t: Translate): TimelineLine {
  const permission = story.permissions.find(({ id }) => id === event.permissionId);
  const of =
    story.permissions.length > 1 && permission
      ? `${inLocale(permission.purpose.titles, t.locale)}, ${t(`channel.${permission.channel}`)}: `
      : '';
  const late = Math.abs(Date.parse(event.recordedAt) - Date.parse(event.occurredAt)) > 60_000;
  const recorded = late
    ? ` (${t('proof.event.recorded', { at: exactTimeText(event.recordedAt, t.locale) })})`
    : '';
  return {
    at: event.occurredAt,
    what: of + eventTitle(event, t) + recorded,
    who: actorText(event.by, t),
    entries: entriesOf(event.log),
  };
}

function mailLines({ mails }: Story, t: Translate): TimelineLine[] {
  return mails.map(({ kind, state, sentAt, createdAt, log }) => ({
    at: sentAt ?? createdAt,
    what: t(state === 'sent' ? 'proof.line.mail' : 'proof.line.mail_failed', { kind: mailText(kind, t) }),
    who: t('proof.who.system'),
    entries: entriesOf(log),
  }));
}

export function mailText(kind: string, t: Translate): string {
  const known = mailKinds.find((one) => one === kind);
  return t(`proof.mail.${known ?? 'other'}`);
}

const mailKinds = ['confirm-signup', 'permissions-changed', 'manage-link'] as const;

function letterLines({ letters }: Story, t: Translate): TimelineLine[] {
  return letters.map(({ state, createdAt, printedAt, printedBy, sentAt, sentBy, log }) => ({
    at: sentAt ?? printedAt ?? createdAt,
    what: t('proof.line.letter', { state: t(`proof.letter.${state}`) }),
    who: sentBy ?? printedBy ?? t('proof.who.system'),
    entries: entriesOf(log),
  }));
}

function documentLines({ forms, files, imports }: Story, t: Translate): TimelineLine[] {
  return [
    ...forms.map(({ key, number, publishedAt, log }) => ({
      at: publishedAt,
      what: t('proof.line.form', { key, number }),
      who: '',
      entries: entriesOf(log),
    })),
    ...files.flatMap(({ stored, log }) =>
      stored ? [{ at: stored.at, what: t('proof.line.file'), who: '', entries: entriesOf(log) }] : [],
    ),
    ...imports.flatMap(({ name, filedBy, filedAt, releasedBy, releasedAt, log }) => [
      {
        at: filedAt,
        what: t('proof.line.import_filed', { name }),
        who: actorText(filedBy, t),
        entries: entriesOf(log).slice(0, 1),
      },
      ...(releasedAt !== null && releasedBy
        ? [
            {
              at: releasedAt,
              what: t('proof.line.import_released', { name }),
              who: actorText(releasedBy, t),
              entries: entriesOf(log).slice(1),
            },
          ]
        : []),
    ]),
  ];
}

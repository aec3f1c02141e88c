import { preciseTimeText } from '#src/i18n/dates.ts';
import type { Translate } from '#src/i18n/translate.ts';
import type { Story } from '../story.ts';
import type { StoryLetter, StoryMail } from '../story-documents.ts';
import { mailText } from './describe-timeline.ts';
import type { Block, Fact } from './sheet.ts';

/** Each mail as it was sent, with the answer of the server that took it. */
export function mailsBlocks({ mails }: Story, t: Translate): Block[] {
  return mails.flatMap((mail): Block[] => [
    { kind: 'heading', text: mailHeading(mail, t) },
    { kind: 'facts', facts: mailFacts(mail, t) },
    ...(mail.content
      ? ([
          { kind: 'verbatim', text: mail.content.text, lang: mail.locale },
          { kind: 'text', text: t('proof.mail_fact.gaps') },
        ] as Block[])
      : [{ kind: 'text' as const, text: t('proof.mail_fact.gone') }]),
  ]);
}

function mailHeading({ kind, sentAt, createdAt }: StoryMail, t: Translate): string {
  const at = preciseTimeText(sentAt ?? createdAt, t.locale);
  const what = mailText(kind, t);
  return t('proof.entries.of', { what: what.charAt(0).toUpperCase() + what.slice(1), at });
}

function mailFacts(mail: StoryMail, t: Translate): Fact[] {
  const sent = mail.sentAt ?? mail.createdAt;
  return [
    { label: t('proof.mail_fact.from'), value: mail.from },
    { label: t('proof.mail_fact.to'), value: mail.to },
    { label: t('proof.mail_fact.subject'), value: mail.content?.subject ?? '' },
    { label: t('proof.mail_fact.message_id'), value: mail.messageId, code: true },
    {
      label: t(mail.state === 'sent' ? 'proof.mail_fact.sent' : 'proof.mail_fact.failed'),
      value: preciseTimeText(sent, t.locale),
    },
    {
      label: t('proof.mail_fact.answer'),
      value: [mail.answer, mail.providerId].filter(Boolean).join(' · '),
      code: true,
    },
    { label: t('proof.mail_fact.attempts'), value: String(mail.attempts) },
    { label: t('proof.mail_fact.commitment'), value: mail.content?.commitment ?? '', code: true },
  ].filter(({ value }) => value !== '');
}

export function lettersBlocks({ letters }: Story, t: Translate): Block[] {
  return letters.flatMap((letter): Block[] => [
    {
      kind: 'heading',
      text: t('proof.entries.of', {
        what: t('proof.line.letter', { state: t(`proof.letter.${letter.state}`) }),
        at: preciseTimeText(letter.sentAt ?? letter.printedAt ?? letter.createdAt, t.locale),
      }),
    },
    { kind: 'facts', facts: letterFacts(letter, t) },
  ]);
}

function letterFacts(
  { content, printedAt, printedBy, sentAt, sentBy, id }: StoryLetter,
  t: Translate,
): Fact[] {
  const by = (at: string | null, who: string | null) =>
    at === null ? '' : t('proof.letter_fact.by', { at: preciseTimeText(at, t.locale), who: who ?? '' });
  return [
    { label: t('proof.letter_fact.reference'), value: id, code: true },
    { label: t('proof.letter_fact.to'), value: content?.recipient.join(', ') ?? '' },
    { label: t('proof.letter_fact.printed'), value: by(printedAt, printedBy) },
    { label: t('proof.letter_fact.sent'), value: by(sentAt, sentBy) },
    {
      label: t('proof.letter_fact.changes'),
      value: (content?.cells ?? [])
        .map(({ title, channel, state }) =>
          t('proof.letter_fact.change', {
            title,
            channel: t(`channel.${channel}`),
            state: t(`proof.state.${state}`),
          }),
        )
        .join('; '),
    },
  ].filter(({ value }) => value !== '');
}

import type { Locale } from '#db/schema/vocabulary.ts';
import { dateTimeText, exactTimeText } from '#src/i18n/dates.ts';
import { inLocale } from '#src/i18n/locales.ts';
import { type Translate, translator } from '#src/i18n/translate.ts';
import type { Story, StoryPermission, StoryPerson } from '../story.ts';
import type { StoryText } from '../story-documents.ts';
import { describeHow } from './describe-how.ts';
import { describeSince } from './describe-since.ts';
import { findObstacle } from './find-obstacle.ts';
import type { AnnexName, Fact, SheetPart, SheetWords } from './sheet.ts';
import { isConsent } from './tell-event.ts';

/** One permission for the first page: who may contact whom about what, in which words, how it came, what changed. */
export function describePart(
  story: Story,
  permission: StoryPermission,
  letterOf: (name: AnnexName) => string | undefined,
  locale: Locale,
): SheetPart {
  const t = translator(locale);
  const obstacle = findObstacle(story, permission, t);
  return {
    title: titleOf(permission, t),
    state: obstacle ? `${stateText(permission, t)}. ${obstacle}` : stateText(permission, t),
    mood: obstacle ? 'open' : moods[permission.state],
    facts: factsOf(story, permission, obstacle === undefined, t),
    words: wordsOf(story, permission, letterOf('words'), t),
    how: describeHow(story, permission, t),
    since: describeSince(story, permission, t),
  };
}

const moods = {
  granted: 'yes',
  pending: 'open',
  none: 'open',
  refused: 'no',
  withdrawn: 'no',
  expired: 'no',
} as const;

function titleOf({ basis, state }: StoryPermission, t: Translate): string {
  return basis === null || basis === 'consent' ? t(`proof.title.${state}`) : t(`proof.title.${basis}`);
}

function stateText({ state, basis, since }: StoryPermission, t: Translate): string {
  const word = isConsent(basis)
    ? t(`proof.state.${state}`)
    : t(`proof.state.other.${state === 'granted' || state === 'expired' ? state : 'objected'}`);
  const told = t('proof.state.since', { state: word, at: exactTimeText(since, t.locale) });
  return told.charAt(0).toUpperCase() + told.slice(1);
}

function factsOf(story: Story, permission: StoryPermission, isFree: boolean, t: Translate): Fact[] {
  const { purpose, channel, basis, grade, validUntil, thirdParties, controllerId } = permission;
  const company = story.controllers.find(({ id }) => id === controllerId);
  const point = story.person.contactPoints.find(({ id }) => id === permission.contactPointId);
  const name = personName(story.person);
  const promise = inLocale(purpose.promises, t.locale);
  const mayContact = permission.state === 'granted' && isFree;
  return [
    {
      label: t(mayContact ? 'proof.fact.company' : 'proof.fact.company_not'),
      value: company ? `${company.legalName}, ${company.address}` : '',
    },
    ...(name ? [{ label: t('proof.fact.person'), value: name }] : []),
    { label: t('proof.fact.address'), value: lineOf(point?.value ?? '') },
    { label: t('proof.fact.purpose'), value: [inLocale(purpose.titles, t.locale), promise].join('. ') },
    { label: t('proof.fact.channel'), value: t(`channel.${channel}`) },
    ...(basis ? [{ label: t('proof.fact.basis'), value: t(`proof.basis.${basis}`) }] : []),
    ...(validUntil ? [{ label: t('proof.fact.until'), value: dateTimeText(validUntil, t.locale) }] : []),
    ...(thirdParties.length > 0
      ? [
          {
            label: t('proof.fact.parties'),
            value: thirdParties.map((party) => t('proof.party', { ...party })).join('; '),
          },
        ]
      : []),
    ...(grade ? [{ label: t('proof.fact.strength'), value: t(`desk.grade.${grade}`) }] : []),
  ];
}

export function personName({ details }: StoryPerson): string {
  const { given_name = '', family_name = '', company = '' } = details;
  return [`${given_name} ${family_name}`.trim(), company].filter(Boolean).join(', ');
}

/** An address over several lines, in one. */
export function lineOf(address: string): string {
  return address.replaceAll('\n', ', ');
}

function wordsOf(
  story: Story,
  permission: StoryPermission,
  annex: string | undefined,
  t: Translate,
): SheetWords | null {
  const consent = isConsent(permission.basis);
  const text = consent
    ? story.texts.find(({ id }) => id === permission.textId)
    : noticeOf(story, permission.id);
  const heading = t(consent ? 'proof.section.words' : 'proof.section.notice');
  if (!text) return consent ? { heading, quote: null, note: t('proof.words.missing') } : null;
  const see = annex ? ` ${t('proof.annex.see', { letter: annex })}` : '';
  return {
    heading,
    quote: { text: text.wording, lang: text.locale },
    note: `${refOf(text, t)}.${see}`,
  };
}

/** Of a § 7(3) UWG sale: named in the capture. */
function noticeOf({ texts, events }: Story, permissionId: string): StoryText | undefined {
  const refs = events
    .filter((event) => event.permissionId === permissionId)
    .flatMap(({ fields }) => fields.filter(({ name }) => name === 'evidence.notice_text_version'))
    .map(({ value }) => value);
  return texts.findLast(({ ref }) => refs.includes(ref));
}

function refOf({ ref, approvedBy, approvedAt }: StoryText, t: Translate): string {
  return approvedBy && approvedAt
    ? t('proof.words.ref', { ref, who: approvedBy, at: exactTimeText(approvedAt, t.locale) })
    : t('proof.words.ref_installed', { ref });
}

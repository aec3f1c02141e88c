import type { Translate } from '#src/i18n/translate.ts';
import type { Story, StoryPermission } from '../story.ts';
import type { StoryMail } from '../story-documents.ts';
import type { StoryEvent } from '../story-events.ts';
import type { Fact, SheetPart, Step } from './sheet.ts';
import { actionText, actorText } from './tell-actor.ts';
import { eventTitle, isConsent, isGrant } from './tell-event.ts';
import { fieldFacts, labelOf } from './tell-fields.ts';

/** How the permission came to be: from the question to the newest answer that it rests on. */
export function describeHow(story: Story, permission: StoryPermission, t: Translate): SheetPart['how'] {
  const own = story.events.filter(({ permissionId }) => permissionId === permission.id);
  const grant = own.findLast(isGrant);
  const asked = grant ? requestBefore(own, grant) : own.findLast(({ kind }) => kind === 'requested');
  const mails = story.mails.filter(
    ({ kind, signupId }) => kind === 'confirm-signup' && signupId !== null && signupId === asked?.signupId,
  );
  const steps = [
    ...(asked ? [stepOf(story, asked, t)] : []),
    ...mails.filter(({ state }) => state === 'sent').map((mail) => mailStep(mail, t)),
    ...(grant ? [stepOf(story, grant, t)] : []),
  ];
  const heading = !isConsent(permission.basis) ? 'other' : grant ? '_' : 'asked';
  return { heading: headingOf(heading, t), steps: steps.sort((a, b) => (a.at < b.at ? -1 : 1)) };
}

function headingOf(which: '_' | 'other' | 'asked', t: Translate): string {
  return which === '_' ? t('proof.section.how') : t(`proof.section.how.${which}`);
}

function requestBefore(events: StoryEvent[], grant: StoryEvent): StoryEvent | undefined {
  if (grant.kind !== 'confirmed') return undefined;
  return events.findLast(({ kind, signupId }) => kind === 'requested' && signupId === grant.signupId);
}

function stepOf(story: Story, event: StoryEvent, t: Translate): Step {
  return {
    at: event.occurredAt,
    title: eventTitle(event, t),
    details: [
      ...formDetails(story, event, t),
      ...captureDetails(story, event, t),
      ...(event.kind === 'confirmed' ? [actionText(event, t)] : []),
      ...clientDetails(event, t),
    ].filter(Boolean),
  };
}

function formDetails(story: Story, event: StoryEvent, t: Translate): string[] {
  const content = event.evidence?.content;
  const form = story.forms.find(({ versionId }) => versionId === event.formVersionId);
  if (event.kind !== 'requested' || !form || !content) return [];
  const { key, number } = form;
  const heading = form.pages.find(({ locale }) => locale === content.locale)?.heading ?? key;
  const typed = event.fields.filter(({ value, name }) => value !== '' && labelOf(name, t) !== name);
  return [
    content.page_url
      ? t('proof.step.form_from', { heading, key, number, page: content.page_url })
      : t('proof.step.form_here', { heading, key, number }),
    event.boxes.length > 0
      ? t('proof.step.boxes', {
          ticked: event.boxes.filter(({ ticked }) => ticked).length,
          total: event.boxes.length,
        })
      : '',
    typed.length > 0
      ? t('proof.step.typed', { what: typed.map(({ name }) => labelOf(name, t)).join(', ') })
      : '',
  ];
}

/** Those facts of a capture that a reader needs first. All of them stand in the annex. */
function captureDetails(story: Story, event: StoryEvent, t: Translate): string[] {
  const isCaptured = event.fields.some(({ name }) => name === 'captured_at');
  if (!isCaptured) return [];
  const facts = fieldFacts(
    event.fields.filter(({ name, value }) => telling.includes(name) && value !== ''),
    t.locale,
  );
  const file = story.files.find(({ eventIds }) => eventIds.includes(event.id));
  const source = story.imports.find(({ lines }) => lines.some(({ eventId }) => eventId === event.id));
  return [
    ...facts.map(factLine),
    ...(source
      ? [
          t('proof.step.import', {
            name: source.name,
            line: source.lines.find(({ eventId }) => eventId === event.id)?.line ?? 0,
            count: source.rows,
          }),
        ]
      : []),
    ...(source?.releasedBy ? [t('proof.step.released', { who: actorText(source.releasedBy, t) })] : []),
    ...(file
      ? [
          t('proof.step.file', {
            kind: t(isRecording(event) ? 'proof.file.recording' : 'proof.file.scan'),
            sha256: `${file.sha256.slice(0, 16)}…`,
          }),
        ]
      : []),
    ...(event.by.kind === 'staff' ? [t('proof.step.by', { who: actorText(event.by, t) })] : []),
  ];
}

const telling = [
  ...['method', 'evidence.number', 'evidence.direction', 'evidence.recording_ref', 'evidence.signed_at'],
  ...['evidence.place', 'evidence.keys', 'evidence.sale_id', 'evidence.sale_date', 'evidence.product_line'],
  ...['evidence.notice_shown_at', 'evidence.reason_code', 'evidence.facts', 'evidence.subject_of_call'],
  ...['evidence.source', 'evidence.proof_ref', 'evidence.confirmed_at', 'evidence.balancing'],
];

export function isRecording({ fields }: StoryEvent): boolean {
  return fields.some(({ name, value }) => name === 'evidence.recording_sha256' && value !== '');
}

export function factLine({ label, value }: Fact): string {
  return `${label}: ${value}`;
}

function clientDetails({ evidence }: StoryEvent, t: Translate): string[] {
  const browser = evidence?.content?.client?.user_agent;
  return browser ? [t('proof.step.client', { browser })] : [];
}

function mailStep({ sentAt, createdAt, to, content, answer }: StoryMail, t: Translate): Step {
  return {
    at: sentAt ?? createdAt,
    title: t('proof.step.mail'),
    details: [
      content ? t('proof.step.mail_to', { to, subject: content.subject }) : to,
      answer ? t('proof.step.mail_answer', { answer }) : '',
    ].filter(Boolean),
  };
}

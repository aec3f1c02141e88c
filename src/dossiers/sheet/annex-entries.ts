import { preciseTimeText } from '#src/i18n/dates.ts';
import { languageName } from '#src/i18n/names.ts';
import type { Translate } from '#src/i18n/translate.ts';
import type { Story } from '../story.ts';
import type { StoryEvent, StoryPersonEvent } from '../story-events.ts';
import type { Block, Fact } from './sheet.ts';
import { actionText, actorText } from './tell-actor.ts';
import { eventTitle } from './tell-event.ts';
import { fieldFacts, missingIn } from './tell-fields.ts';

/** What was typed or captured with each event, from where, and by which button. Shared evidence once. */
export function entriesBlocks({ events, personEvents }: Story, t: Translate): Block[] {
  const shown = new Set<string>();
  const first = events.filter(({ evidence, kind }) => {
    if (!evidence || kind === 'used' || shown.has(evidence.id)) return false;
    shown.add(evidence.id);
    return true;
  });
  return [
    ...first.flatMap((event) => entryBlocks(event, t)),
    ...personEvents.filter(({ fields }) => fields.length > 0).flatMap((event) => personBlocks(event, t)),
  ];
}

function entryBlocks(event: StoryEvent, t: Translate): Block[] {
  const at = preciseTimeText(event.occurredAt, t.locale);
  return [
    { kind: 'heading', text: t('proof.entries.of', { what: eventTitle(event, t), at }) },
    { kind: 'facts', facts: [...fieldFacts(event.fields, t.locale), ...aroundFacts(event, t)] },
  ];
}

function aroundFacts(event: StoryEvent, t: Translate): Fact[] {
  const content = event.evidence?.content;
  const client = content?.client;
  const code = content?.action ?? '';
  const words = actionText(event, t);
  return [
    {
      label: t('proof.entries.action'),
      value: words === code ? code : t('proof.entries.action_code', { words, code }),
    },
    { label: t('proof.entries.page'), value: content?.page_url ?? '' },
    { label: t('proof.entries.browser'), value: client?.user_agent ?? '' },
    {
      label: t('proof.entries.network'),
      value: client ? (client.network ?? t('proof.entries.not_kept')) : '',
    },
    { label: t('proof.entries.language'), value: content ? languageName(content.locale, t.locale) : '' },
    { label: t('proof.entries.by'), value: actorText(event.by, t) },
    { label: t('proof.entries.grade'), value: event.grade ? t(`desk.grade.${event.grade}`) : '' },
    { label: t('proof.entries.missing'), value: missingIn(event.ground, t).join(', ') },
    { label: t('proof.entries.evidence'), value: event.evidence?.commitment ?? '', code: true },
  ].filter(({ value }) => value !== '');
}

function personBlocks(event: StoryPersonEvent, t: Translate): Block[] {
  const what =
    event.kind === 'register_checked'
      ? t(`proof.line.register.${event.refused ? 'refused' : 'free'}`)
      : t(`proof.line.${event.kind}`);
  const at = preciseTimeText(event.occurredAt, t.locale);
  return [
    { kind: 'heading', text: t('proof.entries.of', { what, at }) },
    { kind: 'facts', facts: fieldFacts(event.fields, t.locale) },
  ];
}

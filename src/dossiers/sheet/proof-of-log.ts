import { preciseTimeText } from '#src/i18n/dates.ts';
import type { Translate } from '#src/i18n/translate.ts';
import type { LogPlace } from '../log-places.ts';
import type { Story, StoryCheckpoint } from '../story.ts';
import { placesIn } from '../story-places.ts';
import type { Block } from './sheet.ts';

/** Every entry of the log that the story refers to, in the order of the log. */
export function logPlacesIn(story: Story): LogPlace[] {
  const places = new Map(placesIn(story).map((place) => [place.index, place]));
  return [...places.values()].sort((a, b) => a.index - b.index);
}

/** How many entries, where they stand, and how all of it can be checked, in plain words. */
export function logBlocks(story: Story, t: Translate): Block[] {
  const { checkpoint } = story;
  return [
    { kind: 'text', text: t('proof.log.intro') },
    { kind: 'text', text: t('proof.log.how') },
    { kind: 'text', text: t('proof.log.outside') },
    ...(checkpoint ? headBlocks(checkpoint, t) : [textBlock(t('proof.log.unsigned'))]),
    { kind: 'heading', text: t('proof.log.entries') },
    {
      kind: 'table',
      columns: [
        { title: t('proof.table.entry'), width: 8 },
        { title: t('proof.table.about'), width: 18 },
        { title: t('proof.table.time'), width: 23, time: true },
        { title: t('proof.table.leaf'), width: 51, code: true },
      ],
      rows: logPlacesIn(story).map(({ index, kind, at, leaf }) => [
        String(index),
        kindText(kind, t),
        preciseTimeText(at, t.locale),
        leaf,
      ]),
    },
  ];
}

function headBlocks({ origin, size, root, at, note }: StoryCheckpoint, t: Translate): Block[] {
  return [
    {
      kind: 'facts',
      facts: [
        { label: t('proof.log.origin'), value: origin },
        { label: t('proof.log.size'), value: String(size) },
        { label: t('proof.log.root'), value: root, code: true },
        { label: t('proof.log.at'), value: preciseTimeText(at, t.locale) },
      ],
    },
    { kind: 'heading', text: t('proof.log.note') },
    { kind: 'verbatim', text: note.trimEnd() },
  ];
}

function textBlock(text: string): Block {
  return { kind: 'text', text };
}

function kindText(kind: string, t: Translate): string {
  const known = kinds.find((one) => one === kind);
  return t(`proof.log_kind.${known ?? 'other'}`);
}

const kinds = [
  'event',
  'person_event',
  'ground',
  'use',
  'text_version',
  'text_step',
  'form_version',
  'mail',
  'letter',
  'evidence_file',
  'import',
  'suppression',
  'contact_point',
  'controller',
  'privacy_notice',
  'purpose',
] as const;

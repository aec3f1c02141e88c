import { preciseTimeText } from '#src/i18n/dates.ts';
import type { Translate } from '#src/i18n/translate.ts';
import type { Story } from '../story.ts';
import type { StoryFile, StoryImport } from '../story-documents.ts';
import type { StoryEvent } from '../story-events.ts';
import { isRecording } from './describe-how.ts';
import type { Block, Fact } from './sheet.ts';
import { actorText } from './tell-actor.ts';

export function filesBlocks({ files, events }: Story, t: Translate): Block[] {
  return files.flatMap((file): Block[] => [
    { kind: 'facts', facts: fileFacts(file, events, t) },
    { kind: 'text', text: t(file.stored ? 'proof.file.in_dossier' : 'proof.file.missing') },
    { kind: 'file', sha256: file.sha256, type: file.stored?.type ?? null },
  ]);
}

function fileFacts({ sha256, stored, eventIds }: StoryFile, events: StoryEvent[], t: Translate): Fact[] {
  const event = events.find(({ id }) => eventIds.includes(id));
  const kind = t(event && isRecording(event) ? 'proof.file.recording' : 'proof.file.scan');
  return [
    { label: t('proof.file.type'), value: stored ? `${kind}, ${stored.type}` : kind },
    ...(stored
      ? [
          { label: t('proof.file.size'), value: t('proof.file.bytes', { count: stored.size }) },
          { label: t('proof.file.stored'), value: preciseTimeText(stored.at, t.locale) },
        ]
      : []),
    { label: t('proof.file.sha256'), value: sha256, code: true },
  ];
}

export function importsBlocks({ imports }: Story, t: Translate): Block[] {
  return imports.map((one): Block => ({ kind: 'facts', facts: importFacts(one, t) }));
}

function importFacts(one: StoryImport, t: Translate): Fact[] {
  const { name, rows, lines, filedBy, filedAt, releasedBy, releasedAt, fileMac } = one;
  const by = (who: string, at: string) => t('proof.import.by', { who, at: preciseTimeText(at, t.locale) });
  return [
    { label: t('proof.import.file'), value: name },
    { label: t('proof.import.rows'), value: String(rows) },
    { label: t('proof.import.line'), value: lines.map(({ line }) => line).join(', ') },
    { label: t('proof.import.filed'), value: by(actorText(filedBy, t), filedAt) },
    {
      label: t('proof.import.released'),
      value: releasedBy && releasedAt ? by(actorText(releasedBy, t), releasedAt) : '',
    },
    { label: t('proof.import.mac'), value: fileMac ?? '', code: true },
  ].filter(({ value }) => value !== '');
}

export function usesBlocks({ events }: Story, t: Translate): Block[] {
  const uses = events.filter(({ kind }) => kind === 'used');
  if (uses.length === 0) return [];
  return [
    {
      kind: 'table',
      columns: [
        { title: t('proof.table.number'), width: 8 },
        { title: t('proof.table.time'), width: 30, time: true },
        { title: t('proof.table.campaign'), width: 47 },
        { title: t('proof.table.entry'), width: 15 },
      ],
      rows: uses.map(({ occurredAt, use, log }, index) => [
        String(index + 1),
        preciseTimeText(occurredAt, t.locale),
        use?.campaign ?? '–',
        log.map((place) => place.index).join(', '),
      ]),
    },
  ];
}

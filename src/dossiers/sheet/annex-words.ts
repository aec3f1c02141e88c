import { preciseTimeText } from '#src/i18n/dates.ts';
import type { Translate } from '#src/i18n/translate.ts';
import type { Story } from '../story.ts';
import type { StoryText } from '../story-documents.ts';
import type { Block, Fact } from './sheet.ts';
import { entriesOf } from './tell-around.ts';

/** Each text in full, with who approved it and what became of it. */
export function wordsBlocks({ texts }: Story, t: Translate): Block[] {
  return texts.flatMap((text): Block[] => [
    { kind: 'heading', text: text.ref },
    { kind: 'quote', text: text.wording, lang: text.locale },
    { kind: 'facts', facts: textFacts(text, t) },
    ...(text.steps.length > 0 ? [lifeOf(text, t)] : []),
  ]);
}

function textFacts(text: StoryText, t: Translate): Fact[] {
  const at = (iso: string) => preciseTimeText(iso, t.locale);
  const approved =
    text.approvedAt === null
      ? ''
      : t('proof.text.approved_at', {
          who: text.approvedBy ?? t('proof.text.installed'),
          at: at(text.approvedAt),
        });
  const reason = text.invalidReason ? `: ${text.invalidReason}` : '';
  return [
    { label: t('proof.text.sha256'), value: text.sha256, code: true },
    { label: t('proof.text.company'), value: text.controller },
    {
      label: t('proof.fact.parties'),
      value: text.thirdParties.map((party) => t('proof.party', { ...party })).join('; '),
    },
    { label: t('proof.text.author'), value: text.author ?? t('proof.text.installed') },
    { label: t('proof.text.approved'), value: approved },
    { label: t('proof.text.live'), value: text.liveFrom ? at(text.liveFrom) : '' },
    { label: t('proof.text.retired'), value: text.retiredAt ? at(text.retiredAt) : '' },
    { label: t('proof.text.stopped'), value: text.stoppedAt ? at(text.stoppedAt) : '' },
    { label: t('proof.text.invalidated'), value: text.invalidatedAt ? at(text.invalidatedAt) + reason : '' },
  ].filter(({ value }) => value !== '');
}

function lifeOf({ steps }: StoryText, t: Translate): Block {
  return {
    kind: 'table',
    columns: [
      { title: t('proof.table.time'), width: 27, time: true },
      { title: t('proof.text.life'), width: 43 },
      { title: t('proof.table.who'), width: 20 },
      { title: t('proof.table.entry'), width: 10 },
    ],
    rows: steps.map(({ at, kind, by, note, log }) => [
      preciseTimeText(at, t.locale),
      [t(`texts.step.${kind}`), note].filter(Boolean).join(': '),
      by,
      entriesOf(log).join(', '),
    ]),
  };
}

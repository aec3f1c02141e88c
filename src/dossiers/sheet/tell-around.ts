/** Lines about what is around a permission: its words, blocks of the address, the person as a whole. */
import type { Translate } from '#src/i18n/translate.ts';
import type { LogPlace } from '../log-places.ts';
import type { Story } from '../story.ts';
import type { StoryText } from '../story-documents.ts';
import type { TimelineLine } from './sheet.ts';
import { actorText } from './tell-actor.ts';

export interface AroundLine extends TimelineLine {
  /** It can end or limit a permission. */
  isChange: boolean;
}

export function entriesOf(log: LogPlace[]): number[] {
  return log.map(({ index }) => index);
}

export function blockLines({ blocks }: Story, t: Translate): AroundLine[] {
  return blocks.flatMap(({ since, channel, reason, source, liftedAt, log }) => {
    const words = { channel: t(`channel.${channel}`), reason: t(`proof.block.${reason}`) };
    const begun = { at: since, what: t('proof.line.block', words), who: source ?? '' };
    const entries = entriesOf(log);
    const lifted = { at: liftedAt ?? '', what: t('proof.line.block_lifted', words), who: '' };
    return [
      { ...begun, entries: entries.slice(0, 1), isChange: true },
      ...(liftedAt === null ? [] : [{ ...lifted, entries: entries.slice(1), isChange: true }]),
    ];
  });
}

export function personLines({ personEvents }: Story, t: Translate): AroundLine[] {
  return personEvents.map(({ kind, occurredAt, refused, by, log }) => ({
    at: occurredAt,
    what:
      kind === 'register_checked'
        ? t(`proof.line.register.${refused ? 'refused' : 'free'}`)
        : t(`proof.line.${kind}`),
    who: actorText(by, t),
    entries: entriesOf(log),
    isChange: kind !== 'register_checked' || refused === true,
  }));
}

export function textLines(texts: StoryText[], t: Translate): AroundLine[] {
  return texts.flatMap(({ ref, steps, liveFrom, log }) => {
    const told = steps.map((step) => ({
      at: step.at,
      what: t('proof.line.text', { ref, step: t(`texts.step.${step.kind}`) }),
      who: step.by,
      entries: entriesOf(step.log),
      isChange: changing.includes(step.kind),
    }));
    if (told.length > 0 || liveFrom === null) return told;
    const what = t('proof.line.text', { ref, step: t('texts.step.went_live') });
    return [{ at: liveFrom, what, who: '', entries: entriesOf(log), isChange: false }];
  });
}

const changing = ['retired', 'invalidated', 'stopped', 'resumed'];

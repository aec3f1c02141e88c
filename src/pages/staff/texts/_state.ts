import { textBlock } from '#src/consent-texts/askable.ts';
import type { TextVersion } from '#src/consent-texts/text-version.ts';
import type { Translate } from '#src/i18n/translate.ts';

export interface StateChip {
  look: string;
  text: string;
}

type Standing = Pick<TextVersion, 'state' | 'stopped_at' | 'invalidated_at'>;

/** How a version stands, in chips. What is live but stopped or invalid is not called live: nobody is asked with it. */
export function stateChips(t: Translate, version: Standing): StateChip[] {
  const blocked = textBlock(version);
  const own = { look: version.state, text: t(`texts.state.${version.state}`) };
  if (!blocked) return [own];
  const chip = { look: blocked === 'invalid' ? 'error' : 'warn', text: t(`texts.${blocked}`) };
  return version.state === 'live' ? [chip] : [own, chip];
}

/** The same on paper: "live" · "stopped" · "retired, invalid" */
export function stateText(t: Translate, version: Standing): string {
  return stateChips(t, version)
    .map(({ text }) => text)
    .join(', ');
}

import { diffWordsWithSpace } from 'diff';
import type { Locale } from '#db/schema.ts';

export interface DiffPart {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** The differences between two wordings, word by word. */
export function wordDiff(before: string, after: string, locale: Locale): DiffPart[] {
  return diffWordsWithSpace(before, after, { intlSegmenter: segmenters[locale] }).map(
    ({ added, removed, value }) => ({
      kind: added ? 'added' : removed ? 'removed' : 'same',
      text: value,
    }),
  );
}

const segmenters: Record<Locale, Intl.Segmenter> = {
  de: new Intl.Segmenter('de', { granularity: 'word' }),
  en: new Intl.Segmenter('en', { granularity: 'word' }),
};

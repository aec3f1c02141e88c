import { diffWordsWithSpace } from 'diff';
import type { Locale } from '#db/schema/vocabulary.ts';
import { perLocale } from '#src/i18n/per-locale.ts';

export interface DiffPart {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** The differences between two wordings, word by word. */
export function wordDiff(before: string, after: string, locale: Locale): DiffPart[] {
  return diffWordsWithSpace(before, after, { intlSegmenter: segmenterOf(locale) }).map(
    ({ added, removed, value }) => ({
      kind: added ? 'added' : removed ? 'removed' : 'same',
      text: value,
    }),
  );
}

const segmenterOf = perLocale((_, locale) => new Intl.Segmenter(locale, { granularity: 'word' }));

import type { Channel, Locale } from '#db/schema/vocabulary.ts';

/** What a consent text is for: one purpose on one channel, in one language. */
export interface TextPlace {
  /** Its key. */
  purpose: string;
  channel: Channel;
  locale: Locale;
}

/** The three parts in the order of its address: `paths.staffText(...placeParts(place))`. */
export function placeParts({ purpose, channel, locale }: TextPlace): [string, string, string] {
  return [purpose, channel, locale];
}

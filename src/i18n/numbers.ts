import type { Locale } from '#db/schema/vocabulary.ts';
import { perLocale } from './per-locale.ts';

/** "12.408" / "12,408" */
export function numberText(value: number, locale: Locale): string {
  return formatsOf(locale).plain.format(value);
}

/** "+12", "−3", "±0": what changed. */
export function changeText(value: number, locale: Locale): string {
  return value === 0 ? '±0' : formatsOf(locale).change.format(value);
}

/** "62 %" / "62%"; a dash where there is nothing to take a share of. */
export function shareText(part: number, whole: number, locale: Locale): string {
  return whole > 0 ? formatsOf(locale).share.format(part / whole) : '–';
}

const formatsOf = perLocale(({ tag }) => ({
  plain: new Intl.NumberFormat(tag),
  change: new Intl.NumberFormat(tag, { signDisplay: 'exceptZero' }),
  share: new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 }),
}));

import type { Locale } from '#db/schema.ts';

/** "12.408" / "12,408" */
export function numberText(value: number, locale: Locale): string {
  return formats[locale].plain.format(value);
}

/** "+12", "−3", "±0": what changed. */
export function changeText(value: number, locale: Locale): string {
  return value === 0 ? '±0' : formats[locale].change.format(value);
}

/** "62 %" / "62%"; a dash where there is nothing to take a share of. */
export function shareText(part: number, whole: number, locale: Locale): string {
  return whole > 0 ? formats[locale].share.format(part / whole) : '–';
}

const formats = { de: formatsFor('de-DE'), en: formatsFor('en-GB') };

function formatsFor(tag: string) {
  return {
    plain: new Intl.NumberFormat(tag),
    change: new Intl.NumberFormat(tag, { signDisplay: 'exceptZero' }),
    share: new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 }),
  };
}

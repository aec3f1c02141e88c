import type { Bucket } from '#src/figures/period.ts';
import type { ChartMark } from '#src/figures/read-marks.ts';
import { dayText } from '#src/i18n/dates.ts';
import type { Translate } from '#src/i18n/translate.ts';

/** "4 Minuten", "3 Stunden", "2 Tage": to the fineness in which it is counted. */
export function durationText(t: Translate, minutes: number): string {
  if (minutes < 1) return t('figures.duration.moment');
  if (minutes < 60) return t('figures.duration.minutes', { count: minutes });
  if (minutes < 2880) return t('figures.duration.hours', { count: Math.floor(minutes / 60) });
  return t('figures.duration.days', { count: Math.floor(minutes / 1440) });
}

export function delayName(t: Translate, { from, to }: { from: number; to: number }): string {
  if (from === 0) return t('figures.delay.below', { to: durationText(t, to) });
  if (!Number.isFinite(to)) return t('figures.delay.above', { from: durationText(t, from) });
  return t('figures.delay.between', { from: durationText(t, from), to: durationText(t, to) });
}

/** "12. Nov. 2026", "Woche vom 9. Nov. 2026 (läuft noch)" */
export function bucketName(t: Translate, { unit, from, open }: Bucket): string {
  const day = dayText(from, t.locale, unit === 'month' ? 'month' : 'full');
  const name = unit === 'week' ? t('figures.bucket.week', { day }) : day;
  return open ? t('figures.bucket.open', { name }) : name;
}

export function bucketLabel(t: Translate, { unit, from }: Bucket): string {
  return dayText(from, t.locale, unit === 'month' ? 'month' : 'short');
}

export function pageTitle(t: Translate, page: string): string {
  return page === '' ? t('figures.page.own') : page === '*' ? t('figures.page.other') : page;
}

export function sourceTitle(t: Translate, source: string): string {
  return source === 'none'
    ? t('figures.source.none')
    : source === 'other'
      ? t('figures.source.other')
      : source;
}

const mostNames = 3;

/** What went live on one day: by name, or where that were a list of its own, by number. */
export function marksText(t: Translate, marks: ChartMark[]): string {
  return (['text', 'form'] as const)
    .flatMap((kind) => {
      const names = marks.filter((mark) => mark.kind === kind).map(({ name }) => name);
      if (names.length === 0) return [];
      return names.length > mostNames
        ? t(`figures.marks.${kind}`, { count: names.length })
        : t(`figures.mark.${kind}`, { name: names.join(', ') });
    })
    .join('; ');
}

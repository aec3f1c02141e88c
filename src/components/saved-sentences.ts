import type { Translate } from '#src/i18n/translate.ts';
import type { PreferenceCell } from '#src/permissions/describe-preferences.ts';

/**
 * What a Save changed, in words. The address only says which fields it touched; what became of them
 * is read from their states, so nobody can be shown something that is not so.
 */
export function savedSentences(t: Translate, cells: PreferenceCell[], saved: string[]): string[] {
  const touched = cells.filter((cell) => saved.includes(`${cell.purpose}:${cell.channel}`));
  if (touched.length === 0) return [t('preferences.done.unchanged')];
  const nothingStands = cells.every((cell) => cell.state !== 'granted' && cell.state !== 'pending');
  const off = touched.filter((cell) => cell.state === 'withdrawn' || cell.state === 'refused');
  const pending = touched.filter((cell) => cell.state === 'pending' || (cell.lapsed && cell.asked));
  if (nothingStands && off.length === touched.length) return [t('preferences.done.all')];
  return [
    ...(off.length > 0 ? [t('preferences.done.withdrawn', { items: listed(t, off) })] : []),
    ...(pending.length > 0 ? [t('preferences.done.pending', { items: listed(t, pending) })] : []),
  ];
}

function listed(t: Translate, cells: PreferenceCell[]): string {
  const names = cells.map((cell) =>
    t('preferences.item', { title: cell.title, channel: t(`channel.${cell.channel}`) }),
  );
  return new Intl.ListFormat(t.locale, { type: 'conjunction' }).format(names);
}

import type { Locale } from '#db/schema/vocabulary.ts';
import type { BoxWords } from '#src/forms/choosable-boxes.ts';
import { type DraftFault, longest } from '#src/forms/draft-faults.ts';
import { dateTimeText } from '#src/i18n/dates.ts';
import { languageName } from '#src/i18n/names.ts';
import type { Translate } from '#src/i18n/translate.ts';

/** A fault as the page tells it. */
export interface ToldFault {
  field: string;
  href: string;
  message: string;
  /** Nothing was done wrong yet, only not done. */
  open: boolean;
}

export function toldFaults(t: Translate, faults: DraftFault[]): ToldFault[] {
  return faults.map((fault) => ({
    field: fault.field,
    href: `#${fault.field}`,
    message: faultText(t, fault),
    open: fault.code === 'missing' || fault.code === 'no_box' || fault.code === 'field_lacking',
  }));
}

/** "live, 1.2" · "approved, not live yet" */
export function wordsText(t: Translate, words: BoxWords): string {
  if (words.state === 'live') return t('forms.words.live', { number: words.number });
  if (words.state === 'stopped' || words.state === 'invalid') {
    return t(`forms.words.${words.state}`, { number: words.number });
  }
  if (words.state === 'waiting' && words.at) {
    return t('forms.words.scheduled', { at: dateTimeText(words.at, t.locale) });
  }
  return t(`forms.words.${words.state}`);
}

function faultText(t: Translate, fault: DraftFault): string {
  switch (fault.code) {
    case 'box_gone':
    case 'box_retired':
      return t(`forms.fault.${fault.code}`, { box: fault.box });
    case 'no_words':
      return t('forms.fault.no_words', {
        box: `${fault.box.title}, ${t(`channel.${fault.box.channel}`)}`,
        language: languageName(fault.locale, t.locale),
        why: wordsText(t, fault.words),
      });
    case 'field_lacking':
    case 'field_unneeded':
    case 'field_not_for_all':
      return t(`forms.fault.${fault.code}`, { field: t(`field.${fault.name}`) });
    case 'no_colour':
    case 'no_shape':
      return `${themeLabel(t, fault.field)}: ${t(`forms.fault.${fault.code}`)}`;
    case 'contrast':
      return t('forms.fault.contrast', {
        scheme: t(`forms.theme.${fault.scheme}`),
        front: fault.front === 'waiting' ? t('forms.theme.waiting') : t(`forms.theme.${fault.front}`),
        back: t(`forms.theme.${fault.back}`),
        ratio: fault.ratio.toLocaleString(t.locale, { maximumFractionDigits: 2 }),
        least: fault.least.toLocaleString(t.locale),
      });
    case 'site_path':
    case 'site_no_scheme':
    case 'site_credentials':
    case 'site_wildcard':
    case 'site_other_scheme':
    case 'site_no_site': {
      const meant = fault.meant ? ` ${t('forms.fault.site_meant', { site: fault.meant })}` : '';
      return `${t(`forms.fault.${fault.code}`, { site: fault.site })}${meant}`;
    }
    case 'too_many_sites':
      return t('forms.fault.too_many_sites', { most: longest.sites });
    case 'missing':
    case 'unreadable':
      return `${entryLabel(t, fault.field)}: ${t(`forms.fault.${fault.code}`)}`;
    case 'too_long':
      return `${entryLabel(t, fault.field)}: ${t('forms.fault.too_long', fault.values)}`;
    case 'hours':
      return t('forms.fault.hours', fault.values);
    default:
      return t(`forms.fault.${fault.code}`);
  }
}

/** "Überschrift (Englisch)" */
function entryLabel(t: Translate, field: string): string {
  const [name, locale] = field.split('_') as ['heading' | 'intro' | 'thanks' | 'source', Locale | undefined];
  return locale
    ? `${t(`forms.entry.${name}`)} (${languageName(locale, t.locale)})`
    : t(`forms.entry.${name}`);
}

/** "Hell, Schrift" */
function themeLabel(t: Translate, field: string): string {
  const [part, token] = field.split('.') as ['light' | 'dark' | 'shape', 'accent'];
  return `${t(`forms.theme.${part}`)}, ${t(`forms.theme.${token}`)}`;
}

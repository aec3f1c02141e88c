import type { Locale } from '#db/schema/vocabulary.ts';
import { hasNonCharacters, unreadableFault } from '#src/people/hidden-characters.ts';
import type { BoxWords, ChoosableBox } from './choosable-boxes.ts';
import { type FieldName, fieldsOfChannel } from './form-definition.ts';
import type { FormDraft } from './form-draft.ts';
import { type ThemeFault, themeFaults } from './form-theme.ts';
import { alwaysAllowed, channelsNeeding, channelsOf } from './needed-fields.ts';
import { pageOnSites, readSite, type SiteFault } from './sites.ts';

/** Why a draft cannot be published, and the field at fault. */
export type DraftFault =
  | {
      field: string;
      code: 'missing' | 'unreadable' | 'no_language' | 'other_default' | 'no_box';
    }
  | { field: string; code: 'too_long' | 'hours'; values: { most: number } }
  | { field: string; code: 'box_gone' | 'box_retired'; box: string }
  | { field: string; code: 'no_words'; box: ChoosableBox; locale: Locale; words: BoxWords }
  | { field: string; code: 'field_lacking' | 'field_unneeded' | 'field_not_for_all'; name: FieldName }
  | { field: string; code: `site_${SiteFault}`; site: string; meant?: string }
  | { field: string; code: 'too_many_sites' | 'page_elsewhere' | 'no_page' }
  | ThemeFault;

export const longest = { heading: 150, intro: 600, thanks: 600, source: 200, sites: 50 } as const;
export const maxConfirmHours = 7 * 24;

/** All faults, in the order of the page. */
export function draftFaults(draft: FormDraft, boxes: ChoosableBox[]): DraftFault[] {
  return [
    ...boxFaults(draft, boxes),
    ...fieldFaults(draft),
    ...languageFaults(draft),
    ...draft.locales.flatMap((locale) => wordFaults(draft, locale)),
    ...siteFaults(draft),
    ...thanksFaults(draft),
    ...themeFaults(draft.theme),
    ...textFaults('source', draft.source, longest.source),
    ...hourFaults(draft),
  ];
}

/** The allowed sites as distinct origins. Leaves out invalid entries. */
export function originsOf(draft: FormDraft): string[] {
  const read = draft.sites.map(readSite);
  return [...new Set(read.flatMap((site) => (site.ok ? [site.origin] : [])))];
}

function boxFaults({ consents, locales }: FormDraft, boxes: ChoosableBox[]): DraftFault[] {
  if (consents.length === 0) return [{ field: 'box', code: 'no_box' }];
  return consents.flatMap((value): DraftFault[] => {
    const field = `box-${value}`;
    const box = boxes.find((one) => one.value === value);
    if (!box) return [{ field, code: 'box_gone', box: value }];
    if (box.retired) return [{ field, code: 'box_retired', box: box.title }];
    return locales
      .map((locale) => ({ locale, words: box.words[locale] ?? { state: 'none' as const } }))
      .filter(({ words }) => words.state !== 'live')
      .map(({ locale, words }) => ({ field, code: 'no_words', box, locale, words }));
  });
}

function fieldFaults(draft: FormDraft): DraftFault[] {
  const channels = channelsOf(draft);
  const asked = new Set(draft.fields.map(({ name }) => name));
  const lacking = new Set(channels.flatMap((channel) => fieldsOfChannel[channel] ?? []));
  return [
    ...[...lacking]
      .filter((name) => !asked.has(name))
      .map((name): DraftFault => ({ field: `ask-${name}`, code: 'field_lacking', name })),
    ...draft.fields.flatMap(({ name, required }): DraftFault[] => {
      const needing = channelsNeeding(name, channels);
      if (!alwaysAllowed.includes(name) && needing.length === 0) {
        return [{ field: `ask-${name}`, code: 'field_unneeded', name }];
      }
      const isFree = !required || name === 'email' || needing.length === channels.length;
      return isFree ? [] : [{ field: `required-${name}`, code: 'field_not_for_all', name }];
    }),
  ];
}

function languageFaults({ locales, defaultLocale }: FormDraft): DraftFault[] {
  if (locales.length === 0) return [{ field: 'locale', code: 'no_language' }];
  return locales.includes(defaultLocale) ? [] : [{ field: 'default_locale', code: 'other_default' }];
}

function wordFaults({ words, thanks }: FormDraft, locale: Locale): DraftFault[] {
  const { heading, intro } = words[locale] ?? { heading: '', intro: '' };
  return [
    ...(heading === '' ? [{ field: `heading_${locale}`, code: 'missing' } as const] : []),
    ...textFaults(`heading_${locale}`, heading, longest.heading),
    ...textFaults(`intro_${locale}`, intro, longest.intro),
    ...textFaults(`thanks_${locale}`, thanks.words[locale] ?? '', longest.thanks),
  ];
}

/** Checks length and hidden characters. */
function textFaults(field: string, text: string, most: number): DraftFault[] {
  if (text.length > most) return [{ field, code: 'too_long', values: { most } }];
  const lines = text.split('\n');
  return lines.some((line) => unreadableFault(line) || hasNonCharacters(line))
    ? [{ field, code: 'unreadable' }]
    : [];
}

function siteFaults({ sites }: FormDraft): DraftFault[] {
  if (sites.length > longest.sites) return [{ field: 'sites', code: 'too_many_sites' }];
  return sites.flatMap((site): DraftFault[] => {
    const read = readSite(site);
    return read.ok ? [] : [{ field: 'sites', code: `site_${read.code}`, site, meant: read.meant }];
  });
}

function thanksFaults(draft: FormDraft): DraftFault[] {
  const { address } = draft.thanks;
  if (address === '') return [];
  if (!URL.canParse(address)) return [{ field: 'thanks_address', code: 'no_page' }];
  return pageOnSites(address, originsOf(draft)) ? [] : [{ field: 'thanks_address', code: 'page_elsewhere' }];
}

function hourFaults({ confirmWithinHours: hours }: FormDraft): DraftFault[] {
  const isFine = Number.isInteger(hours) && hours >= 1 && hours <= maxConfirmHours;
  return isFine ? [] : [{ field: 'hours', code: 'hours', values: { most: maxConfirmHours } }];
}

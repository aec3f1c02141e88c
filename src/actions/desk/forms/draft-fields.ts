import { colourTokens, shapeTokens } from '#src/embed/theme-tokens.ts';
import { type FormFields, first } from '#src/forms/fields.ts';
import { fieldNames } from '#src/forms/form-definition.ts';
import type { FormDraft } from '#src/forms/form-draft.ts';
import { type FormTheme, schemes } from '#src/forms/form-theme.ts';
import { readSite } from '#src/forms/sites.ts';
import { defaultLocale, eachLocale, locales } from '#src/i18n/locales.ts';

/** The entries of the editor, filled with what is saved. */
export function fieldsOf(draft: FormDraft): FormFields {
  const fields: FormFields = {
    box: draft.consents,
    ask: draft.fields.map(({ name }) => name),
    required: draft.fields.filter(({ required }) => required).map(({ name }) => name),
    locale: draft.locales,
    default_locale: [draft.defaultLocale],
    sites: [draft.sites.join('\n')],
    hours: [String(draft.confirmWithinHours ?? '')],
    thanks_address: [draft.thanks.address],
    source: [draft.source],
  };
  for (const locale of locales) {
    fields[`heading_${locale}`] = [draft.words[locale]?.heading ?? ''];
    fields[`intro_${locale}`] = [draft.words[locale]?.intro ?? ''];
    fields[`thanks_${locale}`] = [draft.thanks.words[locale] ?? ''];
  }
  for (const name of themeEntries) fields[name] = [valueIn(draft.theme, name)];
  return fields;
}

/** What was typed, as a draft, with the boxes in the order that the button asked for. */
export function typedDraft(fields: FormFields): FormDraft {
  return arranged(readDraft(fields), first(fields, 'action') ?? '');
}

/** What was typed, as a draft: kept as it is, also where it cannot be published yet. */
export function readDraft(fields: FormFields): FormDraft {
  const asked = new Set(['email', ...(fields.ask ?? [])]);
  const required = new Set(['email', ...(fields.required ?? [])]);
  const [spoken] = locales.filter((locale) => locale === first(fields, 'default_locale'));
  return {
    locales: locales.filter((locale) => fields.locale?.includes(locale)),
    defaultLocale: spoken ?? defaultLocale,
    fields: fieldNames
      .filter((name) => asked.has(name))
      .map((name) => ({ name, required: required.has(name) })),
    consents: [...new Set([...(fields.box ?? []), ...(fields.add ?? [])])].slice(0, mostBoxes),
    words: eachLocale((locale) => ({
      heading: line(fields, `heading_${locale}`),
      intro: line(fields, `intro_${locale}`),
    })),
    sites: [...new Set(lines(fields, 'sites').map(asOrigin))],
    confirmWithinHours: /^\d{1,4}$/.test(line(fields, 'hours')) ? Number(line(fields, 'hours')) : 0,
    theme: themeOf(fields),
    thanks: {
      words: eachLocale((locale) => lines(fields, `thanks_${locale}`).join('\n')),
      address: line(fields, 'thanks_address'),
    },
    source: line(fields, 'source'),
  };
}

/** `up:product-news:email`: the box one place earlier, later, or gone. */
function arranged(draft: FormDraft, action: string): FormDraft {
  const [, way, value = ''] = /^(up|down|remove):(.+)$/.exec(action) ?? [];
  const at = draft.consents.indexOf(value);
  if (!way || at < 0) return draft;
  const consents = draft.consents.filter((one) => one !== value);
  if (way !== 'remove') consents.splice(Math.max(0, way === 'up' ? at - 1 : at + 1), 0, value);
  return { ...draft, consents };
}

function line(fields: FormFields, name: string): string {
  return (first(fields, name) ?? '').replace(/\s+/g, ' ').trim();
}

const mostBoxes = 50;

const themeEntries = [
  ...schemes.flatMap((scheme) => colourTokens.map((token) => `${scheme}.${token}`)),
  ...shapeTokens.map((token) => `shape.${token}`),
];

function themeOf(fields: FormFields): FormTheme {
  const theme: FormTheme = { light: {}, dark: {}, shape: {} };
  for (const name of themeEntries) {
    const [part = '', token = ''] = name.split('.');
    const value = line(fields, name);
    if (value) (theme[part as keyof FormTheme] as Record<string, string>)[token] = value;
  }
  return theme;
}

function valueIn(theme: FormTheme, name: string): string {
  const [part = '', token = ''] = name.split('.');
  return (theme[part as keyof FormTheme] as Record<string, string>)[token] ?? '';
}

function lines(fields: FormFields, name: string): string[] {
  const all = (first(fields, name) ?? '').split('\n').map((one) => one.trim());
  return all.filter((one) => one !== '');
}

function asOrigin(typed: string): string {
  const site = readSite(typed);
  return site.ok ? site.origin : typed;
}

import { namesBelow, type Translate } from '#src/i18n/translate.ts';

/** What an act is called; one that has no words yet is shown by its code. */
export function actText(t: Translate, act: string): string {
  const known = acts.find((one) => one === act);
  return known ? t(`staff.act.${known}`) : act;
}

/** The acts that have words, in those words' order, for choosing one. */
export function knownActs(t: Translate): { act: string; text: string }[] {
  const all = acts.map((act) => ({ act, text: t(`staff.act.${act}`) }));
  return all.sort((a, b) => a.text.localeCompare(b.text, t.locale));
}

const acts = namesBelow('staff.act');

export interface DetailLine {
  name: string;
  /** Undefined where nothing was replaced. */
  from: string | undefined;
  to: string;
}

/** The details of an audit entry, one line each, as they can be read. */
export function detailLines(details: string): DetailLine[] {
  return Object.entries(JSON.parse(details) as Record<string, unknown>).map(([name, value]) => {
    if (isChange(value)) return { name, from: readable(value.from), to: readable(value.to) };
    return { name, from: undefined, to: readable(value) };
  });
}

function isChange(value: unknown): value is { from: unknown; to: unknown } {
  return typeof value === 'object' && value !== null && 'from' in value && 'to' in value;
}

export function readable(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return value.length > 0 ? value.map(readable).join('; ') : '–';
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, inner]) => `${name} ${readable(inner)}`)
      .join(', ');
  }
  return String(value);
}

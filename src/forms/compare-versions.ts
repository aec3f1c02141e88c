import type { Locale } from '#db/schema/vocabulary.ts';
import { changesBetween } from '#src/staff/changes.ts';
import type { FormConsent, FormDefinition } from './form-definition.ts';
import { draftOf } from './form-draft.ts';

/** A text that differs between two versions; empty where it does not exist. */
export interface ChangedWords {
  what: 'heading' | 'intro' | 'notice' | 'thanks' | 'box';
  /** Set for a box. */
  box?: Pick<FormConsent, 'value' | 'channel' | 'titles'>;
  locale: Locale;
  before: string;
  after: string;
}

export interface ComparedVersions {
  words: ChangedWords[];
  /** All other settings: boxes and their order, fields, languages, sites, theme. */
  others: Record<string, { from: unknown; to: unknown }>;
}

/** What changed from one version of a form to another. */
export function compareVersions(before: FormDefinition, after: FormDefinition): ComparedVersions {
  const locales = [...new Set([...before.locales, ...after.locales])];
  const all = locales.flatMap((locale) => [
    ...(['heading', 'intro', 'notice'] as const).map((what) => ({
      what,
      locale,
      before: before.words[locale]?.[what] ?? '',
      after: after.words[locale]?.[what] ?? '',
    })),
    ...boxWords(before, after, locale),
    {
      what: 'thanks' as const,
      locale,
      before: before.thanks.words[locale] ?? '',
      after: after.thanks.words[locale] ?? '',
    },
  ]);
  return {
    words: all.filter((one) => one.before !== one.after),
    others: changesBetween(plain(before), plain(after)),
  };
}

function boxWords(before: FormDefinition, after: FormDefinition, locale: Locale): ChangedWords[] {
  const boxes = new Map([...before.consents, ...after.consents].map((box) => [box.value, box]));
  const wording = ({ consents }: FormDefinition, value: string) =>
    consents.find((box) => box.value === value)?.texts[locale]?.wording ?? '';
  return [...boxes.values()].map((box) => ({
    what: 'box',
    box,
    locale,
    before: wording(before, box.value),
    after: wording(after, box.value),
  }));
}

function plain(definition: FormDefinition): object {
  const { words: _words, thanks, fields, ...choices } = draftOf(definition);
  const asked = fields.map(({ name, required }) => (required ? `${name} *` : name));
  return { ...choices, fields: asked, thanksAddress: thanks.address };
}

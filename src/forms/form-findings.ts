import type { Db, Tx } from '#db/connect.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import { checkInputOf, type FrozenNames, readNames } from '#src/consent-texts/frozen-names.ts';
import { ruleLanguage } from '#src/consent-texts/rule-language.ts';
import type { CheckInput, FormSchema } from '#src/consent-texts/wording-check/check-input.ts';
import { checkWording } from '#src/consent-texts/wording-check/check-wording.ts';
import type { Finding } from '#src/consent-texts/wording-check/finding.ts';
import { inLocale } from '#src/i18n/locales.ts';
import type { FormDefinition } from './form-definition.ts';

export interface FormFinding extends Finding {
  locale: Locale;
  /** Default: the finding is about the whole form. */
  box?: string;
}

/**
 * Findings that arise from the form, about boxes, fields, heading, introduction and thanks. Findings about the texts
 * alone were handled at their approval and are left out.
 */
export async function formFindings(
  db: Db | Tx,
  definition: FormDefinition,
  reader: Locale,
): Promise<FormFinding[]> {
  const names = await namesOf(db, definition);
  const all = definition.locales.flatMap((locale) => [
    ...definition.consents.flatMap((consent) =>
      boxFindings(definition, consent, locale, names.get(inLocale(consent.texts, locale).id), reader),
    ),
    ...profileFindings(definition, locale, reader),
  ]);
  const seen = new Set<string>();
  return all.filter(({ rule, message }) => {
    const key = `${rule} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

type Box = FormDefinition['consents'][number];

function boxFindings(
  definition: FormDefinition,
  box: Box,
  locale: Locale,
  names: FrozenNames | undefined,
  reader: Locale,
): FormFinding[] {
  if (!names) return [];
  const { wording } = inLocale(box.texts, locale);
  const alone = checkInputOf(
    names,
    { wording, locale, channel: box.channel },
    { reader: ruleLanguage(reader) },
  );
  const { heading, intro } = inLocale(definition.words, locale);
  const shown = { ...alone, heading, hint: intro, form: schemaOf(definition) };
  const found = newFindings(checkWording(alone), checkWording(shown)).filter((finding) => {
    // W30: the heading of a form with several purposes is not a second name for each of them.
    return finding.rule !== 'W30' || shown.form.purposeCount === 1;
  });
  return found.map((finding) => {
    const about = finding.field === 'wording' ? { box: box.value } : {};
    return { ...finding, locale, ...about };
  });
}

/** The form for the wording check. Boxes are always unticked and optional. */
function schemaOf({ consents, fields }: FormDefinition): FormSchema {
  return {
    purposeCount: new Set(consents.map(({ purpose }) => purpose)).size,
    controls: consents.map(({ value: name }) => ({
      name,
      kind: 'checkbox',
      checked: false,
      required: false,
    })),
    fields: fields.map(({ name, required }) => ({ name, required })),
    linksPrivacyNotice: true,
  };
}

function newFindings(alone: Finding[], shown: Finding[]): Finding[] {
  // The severity is part of the key, because some findings are more severe in a form than in a single clause.
  const keyOf = ({ rule, field, start, end, message, severity }: Finding) =>
    JSON.stringify([rule, field, start, end, message, severity]);
  const existing = new Set(alone.map(keyOf));
  return shown.filter((finding) => !existing.has(keyOf(finding)));
}

/** W26: a form that promises personalised content needs a box that asks for the measurement. */
function profileFindings(definition: FormDefinition, locale: Locale, reader: Locale): FormFinding[] {
  const asks = definition.consents.some(({ texts }) =>
    asksToMeasure(inLocale(texts, locale).wording, locale),
  );
  if (asks) return [];
  const { heading, intro } = inLocale(definition.words, locale);
  const promises = definition.consents.map((box) => inLocale(box.promises, locale));
  const words = [heading, intro, ...promises, definition.thanks.words[locale] ?? ''];
  return words
    .flatMap((wording) =>
      checkWording({ locale: ruleLanguage(locale), wording, reader: ruleLanguage(reader) }),
    )
    .filter(({ rule }) => rule === 'W26')
    .map((finding) => ({ ...finding, field: 'heading', locale }));
}

function asksToMeasure(wording: string, locale: Locale): boolean {
  const measured: CheckInput = {
    locale: ruleLanguage(locale),
    wording,
    tracking: { opens: true, clicks: true },
  };
  return !checkWording(measured).some(({ rule }) => rule === 'W26');
}

async function namesOf(db: Db | Tx, { consents, locales }: FormDefinition) {
  const ids = consents.flatMap(({ texts }) => locales.map((locale) => inLocale(texts, locale).id));
  if (ids.length === 0) return new Map<string, FrozenNames>();
  const rows = await db
    .selectFrom('consent_text_versions')
    .select(['id', 'names'])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, readNames(row)]));
}

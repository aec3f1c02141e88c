import { escapeHtml } from '#src/i18n/html.ts';
import type { Translate } from '#src/i18n/translate.ts';
import { fieldLooks, hintOf } from './field-looks.ts';
import type { FieldName, FormDefinition } from './form-definition.ts';
import { errorHtml, lines, tag } from './markup.ts';

/** Submitted input and its errors, to show the form again. */
export interface FilledForm {
  values: Record<string, string>;
  chosen: string[];
  errors: { field: string; message: string }[];
  /** On a kiosk, the browser must not remember input. */
  kiosk?: boolean;
}

export function fieldsAmong(
  { fields, consents }: Pick<FormDefinition, 'fields' | 'consents'>,
  names: FieldName[],
  t: Translate,
  again: FilledForm,
  { optional = false } = {},
): string[] {
  const channels = consents.map(({ channel }) => channel);
  return fields
    .filter(({ name }) => names.includes(name))
    .map(({ name, required }) => {
      const hint = hintOf(name, channels);
      return fieldHtml(t, name, {
        required,
        optional: optional && !required,
        hint: hint && t(hint),
        error: again.errors.find(({ field }) => field === name)?.message,
        value: again.values[name],
        kiosk: again.kiosk,
      });
    });
}

function fieldHtml(
  t: Translate,
  name: FieldName,
  field: {
    required: boolean;
    optional: boolean;
    hint?: string;
    error?: string;
    value?: string;
    kiosk?: boolean;
  },
): string {
  const { required, optional, hint, error, value } = field;
  const { type = 'text', autocomplete, inputmode, size } = fieldLooks[name];
  const describedBy = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  const mark = optional ? ` <span class="muted">${escapeHtml(t('field.optional'))}</span>` : '';
  return lines(
    `<div class="field ${size}${error ? ' faulty' : ''}">`,
    `<label for="${name}">${escapeHtml(t(`field.${name}`))}${mark}</label>`,
    hint && `<p class="hint" id="${name}-hint">${escapeHtml(hint)}</p>`,
    error && errorHtml(t, `${name}-error`, error),
    tag('input', {
      id: name,
      name,
      type,
      value,
      dir: 'auto',
      autocomplete: field.kiosk ? 'off' : autocomplete,
      inputmode,
      required,
      spellcheck: type === 'email' ? 'false' : undefined,
      'aria-invalid': error ? 'true' : undefined,
      'aria-describedby': describedBy || undefined,
    }),
    '</div>',
  );
}

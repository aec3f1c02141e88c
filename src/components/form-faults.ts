import type { Issue } from '#src/forms/fields.ts';
import { fieldNames } from '#src/forms/form-definition.ts';
import type { Fault } from '#src/http/action-result.ts';
import type { PlainKey, Translate } from '#src/i18n/translate.ts';

/** Issues in the words of the page, in the order in which their fields stand on it. */
export function formFaults(t: Translate, issues: Issue[]): Fault[] {
  const place = ({ field }: Issue) => order.indexOf(field);
  return issues
    .toSorted((a, b) => place(a) - place(b))
    .map((issue) => ({ field: issue.field, href: hrefOf(issue.field), message: issueMessage(t, issue) }));
}

const order: string[] = ['email', 'consent', ...fieldNames.filter((name) => name !== 'email')];

export function issueMessage(t: Translate, { field, code }: Issue): string {
  const special = ownMessages.find((key) => key === `error.${code}.${field}`);
  return special ? t(special) : t(`error.${code}`, { field: labelOf(t, field) });
}

// Where a sentence about this very field helps more than one about any field.
const ownMessages: PlainKey[] = [
  'error.missing.email',
  'error.missing.phone',
  'error.missing.fax',
  'error.missing.street',
  'error.missing.postal_code',
  'error.missing.city',
  'error.invalid.email',
  'error.invalid.phone',
  'error.invalid.fax',
  'error.invalid.street',
];

function labelOf(t: Translate, field: string): string {
  const name = fieldNames.find((known) => known === field);
  if (name) return t(`field.${name}`);
  if (field === 'consent') return t('input.consent');
  return t(field === 'source' ? 'input.source' : 'input.form');
}

/** Hidden fields have nothing to point at but the form. */
function hrefOf(field: string): string {
  if (field === 'consent') return '#consent-0';
  return fieldNames.some((name) => name === field) ? `#${field}` : '#signup';
}

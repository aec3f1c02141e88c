import { type FormFields, first } from '#src/forms/fields.ts';

/** A field that people do not see and browsers do not fill in. Its name promises nothing. */
export const honeypotName = 'remarks';

export function isTrapped(fields: FormFields): boolean {
  return (first(fields, honeypotName) ?? '') !== '';
}

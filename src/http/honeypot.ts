import { type FormFields, first } from '#src/forms/fields.ts';

/** A field that people do not see and browsers do not fill in: only robots do. */
export const honeypotName = 'remarks';

export function isHoneypotFilled(fields: FormFields): boolean {
  return (first(fields, honeypotName) ?? '') !== '';
}

import type { FormFields } from '#src/forms/fields.ts';

/** What is saved, as a form would send it: text as it is, a ticked checkbox as `1`, one that is not ticked not at all. */
export function fieldsOf<Saved extends object>(
  saved: {
    [Name in keyof Saved]: string | boolean;
  },
): FormFields {
  const values = Object.entries<string | boolean>(saved);
  return Object.fromEntries(
    values
      .filter(([, value]) => value !== false)
      .map(([name, value]) => [name, [value === true ? '1' : String(value)]]),
  );
}

import { changesBetween } from '#src/staff/changes.ts';
import { readable } from './audit-words.ts';
import type { Conflict } from './desk-action.ts';

/** Where what was typed differs from what is saved now, field by field, in words. */
export function differences(
  saved: object,
  typed: object,
  label: (field: string) => string,
): Conflict['differs'] {
  return Object.entries(changesBetween(saved, typed)).map(([field, { from, to }]) => ({
    name: label(field),
    saved: readable(from),
    typed: readable(to),
  }));
}

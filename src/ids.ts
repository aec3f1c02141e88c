import { v7 } from 'uuid';

/** A new id: UUIDv7, so that rows lie in the order in which they came. */
export function newId(): string {
  return v7();
}

const prefixes = {
  event: 'evt',
  permission: 'per',
  text: 'txt',
  form: 'frm',
  signup: 'sig',
  contactPoint: 'cpt',
} as const;

/** The id as the outside sees it, e.g. `per_0197…`. */
export function publicId(of: keyof typeof prefixes, id: string): string {
  return `${prefixes[of]}_${id}`;
}

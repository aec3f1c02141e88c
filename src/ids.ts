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
  suppression: 'sup',
  webhook: 'whk',
  delivery: 'msg',
  import: 'imp',
} as const;

/** The id as the outside sees it, e.g. `per_0197…`. */
export function publicId(of: keyof typeof prefixes, id: string): string {
  return `${prefixes[of]}_${id}`;
}

/** The id behind a public one; `undefined` for what is none of this kind. */
export function ownId(of: keyof typeof prefixes, id: string | undefined): string | undefined {
  const [prefix, own] = id?.split('_') ?? [];
  return prefix === prefixes[of] && /^[0-9a-f-]{36}$/.test(own ?? '') ? own : undefined;
}

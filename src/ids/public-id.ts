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

/** The id as API, webhooks and exports show it, e.g. `per_0197…`. */
export function publicId(of: keyof typeof prefixes, id: string): string {
  return `${prefixes[of]}_${id}`;
}

/** The id of the row behind a public id; `undefined` for anything that is not a public id of this kind. */
export function ownId(of: keyof typeof prefixes, id: string | undefined): string | undefined {
  const [prefix, own] = id?.split('_') ?? [];
  return prefix === prefixes[of] && /^[0-9a-f-]{36}$/.test(own ?? '') ? own : undefined;
}

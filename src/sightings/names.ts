/**
 * What comes from outside becomes a name in a chart only when it names a campaign or a page, not a person: a
 * source with an address or a telephone number in it, the path behind an address, a token in a path.
 */

/** '' for none, `*` for what is not told apart. */
export function sourceName(source: string | null): string {
  const name = source?.trim() ?? '';
  return name.length > maxSourceLength || mayNameSomebody(name) ? everyOther : name;
}

/** Where things go that are not told apart. */
export const everyOther = '*';

/** The page without its query, cut where its path may begin to be about somebody. */
export function pageName(address: string): string {
  const { origin, pathname } = new URL(address);
  const parts = pathname.split('/');
  const personal = parts.findIndex((part) => part.length > longestPart || mayNameSomebody(part));
  return origin + (personal < 0 ? pathname : `${parts.slice(0, personal).join('/')}/…`);
}

const maxSourceLength = 60;
const longestPart = 60;

function mayNameSomebody(text: string): boolean {
  return /@|%40|\d[\d\s()/.-]{6,}\d|[0-9a-f]{16}|(?=\w*\d)(?=\w*[A-Z])(?=\w*[a-z])\w{16}/.test(text);
}

/**
 * Sources and pages come from outside and may contain personal data: an address or a telephone number in a source, a token
 * in a path. Such values never become names in a chart.
 */

/** '' without a source, `*` for sources that are not counted separately. */
export function sourceName(source: string | null): string {
  const name = source?.trim() ?? '';
  return name.length > maxSourceLength || mayIdentifyPerson(name) ? otherName : name;
}

/** The name for everything that is not counted separately. */
export const otherName = '*';

/** The page without its query, cut before the first path segment that may identify a person. */
export function pageName(address: string): string {
  const { origin, pathname } = new URL(address);
  const parts = pathname.split('/');
  const personal = parts.findIndex((part) => part.length > longestPart || mayIdentifyPerson(part));
  return origin + (personal < 0 ? pathname : `${parts.slice(0, personal).join('/')}/…`);
}

const maxSourceLength = 60;
const longestPart = 60;

function mayIdentifyPerson(text: string): boolean {
  return /@|%40|\d[\d\s()/.-]{6,}\d|[0-9a-f]{16}|(?=\w*\d)(?=\w*[A-Z])(?=\w*[a-z])\w{16}/.test(text);
}

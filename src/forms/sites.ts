/** Why the input is not a site. A site is scheme, host and an optional port. */
export type SiteFault = 'wildcard' | 'path' | 'no_scheme' | 'other_scheme' | 'credentials' | 'no_site';

export type ReadSite = { ok: true; origin: string } | { ok: false; code: SiteFault; meant?: string };

/** Parses a site that may show a form. `meant`: a suggestion, if the intention is clear. */
export function readSite(typed: string): ReadSite {
  const text = typed.trim();
  if (/\*/.test(text)) return { ok: false, code: 'wildcard' };
  if (/[\s,;"']/.test(text)) return { ok: false, code: 'no_site' };
  const [, scheme] = /^([a-z][a-z\d+.-]*):\/\//i.exec(text) ?? [];
  if (!scheme) return { ok: false, code: 'no_scheme', meant: meantBy(`https://${text.replace(/^\/+/, '')}`) };
  if (!/^https?$/i.test(scheme)) return { ok: false, code: 'other_scheme' };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !isHost(url.hostname)) return { ok: false, code: 'no_site' };
  if (url.username || url.password) return { ok: false, code: 'credentials', meant: url.origin };
  if (url.pathname !== '/' || url.search || url.hash) {
    return { ok: false, code: 'path', meant: url.origin };
  }
  return { ok: true, origin: url.origin };
}

/** The full URL if it is on one of the sites; else `undefined`. */
export function pageOnSites(address: string, sites: string[]): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const plain = (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password;
  return plain && sites.includes(url.origin) ? url.href : undefined;
}

function meantBy(text: string): string | undefined {
  const read = readSite(text);
  return read.ok ? read.origin : read.meant;
}

/** A name with a dot, an IP address, or localhost. `https://muster` and `https://muster..de` are typos. */
function isHost(host: string): boolean {
  if (isThisMachine(host) || /^\[[\da-f:.]+\]$/i.test(host) || /^\d+\.\d+\.\d+\.\d+$/.test(host)) return true;
  const labels = host.split('.');
  return (
    labels.length > 1 &&
    labels.every((label) => /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '')
  );
}

function isThisMachine(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$|\.localhost$/i.test(host);
}

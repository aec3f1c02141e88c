import type { IncomingMessage } from 'node:http';

/** What was asked, as far as an answer depends on it: Astro's `Request` is one, and what Node hears can be made one. */
export interface Asked {
  method: string;
  url: string;
  /** By their names in small letters. */
  headers: { get(name: string): string | null };
}

/** With what came along in it. */
export interface AskedWithBody extends Asked {
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | null;
}

/** For what stands in front of the pages: a `Request` costs as much as many an answer. */
export function askedOf(incoming: IncomingMessage, url: URL): AskedWithBody & { body: IncomingMessage } {
  const { method = 'GET', headers } = incoming;
  return {
    method,
    url: url.href,
    headers: {
      get(name) {
        const value = headers[name];
        return (Array.isArray(value) ? value.join(', ') : value) ?? null;
      },
    },
    body: incoming,
  };
}

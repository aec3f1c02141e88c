import type { IncomingMessage } from 'node:http';

/** The parts of a request that answers depend on. The web's `Request` has them; `requestFrom` makes them from Node's. */
export interface RequestLike {
  method: string;
  url: string;
  /** Names are in lower case. */
  headers: { get(name: string): string | null };
}

export interface RequestWithBody extends RequestLike {
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | null;
}

/** For what is answered before Astro: to make a `Request` would cost as much as the answer does. */
export function requestFrom(
  incoming: IncomingMessage,
  url: URL,
): RequestWithBody & { body: IncomingMessage } {
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

import type { IncomingMessage } from 'node:http';

/** Why a request is refused before any handler reads it. */
export interface HeadFault {
  status: 400 | 405;
  headers?: Record<string, string>;
}

const knownMethods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Checks what every handler relies on: a known method, one Host that is a host, a path that makes an address, and a
 * body that is framed in a way we read. After it `http://{headers.host}{url}` is always a valid URL.
 *
 * Changes the request where RFC 9112 (3.2.2) asks for it: an absolute target becomes its path. A request of HTTP/1.0
 * without Host gets `localhost`.
 */
export function headFault(request: IncomingMessage): HeadFault | undefined {
  const { method = '', headers } = request;
  if (!knownMethods.includes(method)) return { status: 405, headers: { Allow: knownMethods.join(', ') } };
  if (!hasOneHost(request)) return { status: 400 };
  headers.host ??= 'localhost';
  if (!isHost(headers.host)) return { status: 400 };
  const path = pathOf(request.url ?? '', headers.host);
  if (path === undefined) return { status: 400 };
  request.url = path;
  // RFC 9112, 6.1: with an unknown transfer coding the length of the body is unknown.
  const coding = headers['transfer-encoding'];
  return coding === undefined || /^chunked$/i.test(coding) ? undefined : { status: 400 };
}

/** RFC 9112, 3.2: exactly one; HTTP/1.0 may send none. Node itself would keep the first of several. */
function hasOneHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.length === 4 && /^host$/i.test(rawHeaders[index] ?? '')) count += 1;
  }
  return count === 1 || (count === 0 && httpVersion === '1.0');
}

// Nearly every request names the same host as the one before.
let lastHost = 'localhost';

/** RFC 3986, 3.2.2, as far as `URL` reads it: nothing that belongs to a user, a path or a query. */
function isHost(host: string): boolean {
  if (host === lastHost) return true;
  const fits = /^[\w.~!$&'()*+,;=%:[\]-]+$/.test(host) && URL.canParse(`http://${host}/`);
  if (fits) lastHost = host;
  return fits;
}

/** `undefined` for a target that is not on this host. */
function pathOf(target: string, host: string): string | undefined {
  if (target.startsWith('/')) return target;
  const address = /^https?:\/\//i.test(target) && URL.parse(target);
  if (!address || address.username || address.password) return undefined;
  return address.host === new URL(`${address.protocol}//${host}`).host
    ? address.pathname + address.search
    : undefined;
}

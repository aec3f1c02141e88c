const acting = /^\/(?:f\/[^/]+(?:\/sent)?|confirm\/[^/]+|preferences|p\/[^/]+|u\/[^/]+)\/?$/;
const shown = /^\/(?:$|k\/[^/]+\/?$|preferences\/sent\/?$|demo(?:\/|$))/;

/** What the pages for people answer to, as an `Allow` header; `undefined` for addresses of another kind. */
export function methodsAt(pathname: string): string | undefined {
  if (acting.test(pathname)) return 'GET, HEAD, OPTIONS, POST';
  return shown.test(pathname) ? 'GET, HEAD, OPTIONS' : undefined;
}

import { isDesk, pageAt, pages } from '#src/routes.ts';

/** The methods of a page for people, as an `Allow` header; `undefined` for the desks and for unknown addresses. */
export function methodsAt(pathname: string): string | undefined {
  const page = isDesk(pathname) ? undefined : pageAt(pathname);
  if (!page) return undefined;
  return pages[page.name].post === 'nobody' ? 'GET, HEAD, OPTIONS' : 'GET, HEAD, OPTIONS, POST';
}

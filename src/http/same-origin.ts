import type { App } from '#src/app/app.ts';
import type { Asked } from './asked.ts';
import { formAt } from './require-form.ts';

/**
 * Whether this request may act, seen from where it was sent.
 *
 * People get no cookie, so no foreign page can act in anybody's name; what the check keeps out is a foreign
 * site that makes its visitors' browsers fill in our forms. Who sends neither `Origin` nor `Sec-Fetch-Site`
 * is no such browser (curl, a mail provider, a very old one) and may act: a form is limited in other ways,
 * and on the pages behind a link the link itself is the authority.
 */
export async function mayAct(app: App, request: Asked): Promise<boolean> {
  const { pathname } = new URL(request.url);
  // RFC 8058: mail providers post from wherever their pages are. The link can only withdraw.
  if (/^\/u\/[^/]+\/?$/.test(pathname)) return true;
  if (!isForeign(app, request)) return true;
  const form = /^\/f\/([^/]+)\/?$/.exec(pathname)?.[1];
  return form !== undefined && (await mayEmbed(app, form, request.headers.get('origin')));
}

/** `Sec-Fetch-Site` is asked first: pages that send no referrer have the origin `null`, also towards themselves. */
function isForeign(app: App, request: Asked): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none';
  const origin = request.headers.get('origin');
  if (origin === null) return false;
  if (origin === 'null') return !behindLink.test(new URL(request.url).pathname);
  return origin !== new URL(app.config.baseUrl).origin && origin !== new URL(request.url).origin;
}

/** Pages that only somebody with their link can name, and which send no referrer. */
const behindLink = /^\/(?:confirm|p)\/[^/]+\/?$|^\/f\/[^/]+\/sent\/?$/;

/** A site that may show the form in a frame may also send it from a form of its own. */
async function mayEmbed(app: App, key: string, origin: string | null): Promise<boolean> {
  const form = await formAt(app, key);
  return origin !== null && (form?.allowedOrigins.includes(origin) ?? false);
}

import type { App } from '#src/app/app.ts';
import type { RequestLike } from './request-like.ts';
import { formAt } from './require-form.ts';

/**
 * Whether a POST is accepted from the site that sent it.
 *
 * People get no cookie, so another site can't act in anybody's name. The check stops a site that makes the browsers of
 * its visitors fill in our forms. A client that sends neither `Origin` nor `Sec-Fetch-Site` is no such browser (curl, a
 * mail provider, a very old one) and is accepted: forms have other limits, and a page behind a link needs the link.
 */
export async function mayPost(app: App, request: RequestLike): Promise<boolean> {
  const { pathname } = new URL(request.url);
  // RFC 8058: mail providers post from their own sites. The link can only withdraw.
  if (/^\/u\/[^/]+\/?$/.test(pathname)) return true;
  if (!isForeign(app, request)) return true;
  const form = /^\/f\/([^/]+)\/?$/.exec(pathname)?.[1];
  return form !== undefined && (await mayEmbed(app, form, request.headers.get('origin')));
}

/** `Sec-Fetch-Site` is asked first: pages that send no referrer have the origin `null`, also towards themselves. */
function isForeign(app: App, request: RequestLike): boolean {
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

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { constants } from 'node:zlib';
import compression from 'compression';
import { serveActions } from '#src/actions/serve-actions.ts';
import { apiRoute } from '#src/api/find-operations.ts';
import { serveApi } from '#src/api/serve-api.ts';
import type { App as Application } from '#src/app/app.ts';
import { retryLater } from '#src/http/problem.ts';
import { plainSecurityHeaders } from '#src/http/security-headers.ts';
import { answerLog } from './answer-log.ts';
import { answerHealth } from './health.ts';
import { answerMetrics } from './metrics/answer-metrics.ts';
import { requestTimes } from './metrics/request-times.ts';
import { staticFiles } from './static-files.ts';

/** What `astro build` leaves: a request handler for every page. */
type AstroHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
  locals: object,
) => void;

/** In this order: metrics and health, the API, static files, actions, pages. */
export async function openDispatcher(app: Application): Promise<RequestListener> {
  const built = join(import.meta.dirname, '../../dist');
  const astro = (await import(pathToFileURL(join(built, 'server/entry.mjs')).href)) as {
    handler: AstroHandler;
  };
  logRejections(app);
  const files = staticFiles(join(built, 'client'));
  const compress = compression({ threshold: 1024, brotli: { params: smallWindow } });
  const times = requestTimes();
  return (request, response) => {
    const locals: App.Locals = { app };
    const path = request.url?.split('?')[0] ?? '';
    setDefaultHeaders(app, path, response);
    if (answerMetrics(app, times, request, response) || answerHealth(app, request, response)) return;
    times.watch(request, response, () => locals.route ?? apiRoute(path) ?? 'other');
    if (answerLog(app, request, response) || serveApi(app, request, response)) return;
    limitBodyTime(request);
    if (files(request, response)) return;
    request.url = decodable(request.url ?? '/');
    if (app.writesStopped && !readMethods.has(request.method ?? '')) {
      locals.refused = { status: 503, headers: retryLater, detail: app.writesStopped };
    }
    const showPage = () =>
      compress(request as never, response as never, () => {
        astro.handler(request, response, () => response.writeHead(404).end(), locals);
      });
    if (locals.refused || !serveActions(request, response, locals, showPage)) showPage();
  };
}

const readMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Brotli's own window of 4 MB for each page would keep the garbage collector busy. A page fits into 64 kB. */
const smallWindow = { [constants.BROTLI_PARAM_LGWIN]: 16, [constants.BROTLI_PARAM_QUALITY]: 4 };

/** A page changes them as it needs; what the adapter answers by itself keeps them. The API has its own. */
function setDefaultHeaders(app: Application, path: string, response: ServerResponse): void {
  if (path.startsWith('/api')) return;
  const headers = plainSecurityHeaders(app.config.baseUrl);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // Only the page of a form knows which sites may frame it, and a header that is set here can't be taken back there.
  if (path.startsWith('/f/')) response.removeHeader('X-Frame-Options');
}

/** Replaces the adapter's own listener, which prints the address of the request. */
function logRejections(app: Application): void {
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (error) => app.log.error({ err: error }, 'process.unhandled_rejection'));
}

/** Astro writes a path that cannot be decoded past our log. With its percent signs escaped, it is an unknown address. */
function decodable(url: string): string {
  const [path = '', ...query] = url.split('?');
  try {
    decodeURI(path);
    return url;
  } catch {
    return [path.replaceAll('%', '%25'), ...query].join('?');
  }
}

/** Half a minute for the body of a form: a slower client holds the connection on purpose. */
function limitBodyTime(request: IncomingMessage): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const deadline = setTimeout(() => request.destroy(), 30_000).unref();
  request.once('close', () => clearTimeout(deadline));
}

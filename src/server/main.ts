import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { constants } from 'node:zlib';
import compression from 'compression';
import { connect, databaseExists } from '#db/connect.ts';
import { migrate } from '#db/migrate.ts';
import { serveActs } from '#src/actions/serve-actions.ts';
import { apiRoute } from '#src/api/answer-api.ts';
import { serveApi } from '#src/api/serve-api.ts';
import { type App as Application, openApp } from '#src/app/app.ts';
import { type Config, readConfig } from '#src/app/config.ts';
import { consoleToLog } from './console-to-log.ts';
import { seedDemo } from '#src/demo/seed-demo.ts';
import { importsAtRest } from '#src/exchange/run-import.ts';
import { startWebhookWorker } from '#src/exchange/webhook-worker.ts';
import { freezeRelease } from '#src/forms/freeze-release.ts';
import { dropStoppedBoxes } from '#src/forms/republish-form.ts';
import { answerHealth } from './health.ts';
import { headFault } from '#src/http/check-head.ts';
import { refuse, refuseSocket } from '#src/http/refuse.ts';
import { plainSecurityHeaders } from '#src/http/security-headers.ts';
import { startScheduler } from '#src/jobs/scheduler.ts';
import { openTransport } from '#src/mail/open-transport.ts';
import { startMailWorker } from '#src/mail/worker.ts';
import { answerMetrics } from './metrics/answer-metrics.ts';
import { requestTimes } from './metrics/request-times.ts';
import { paths } from '#src/routes.ts';
import { keepSecretCheck } from '#src/people/secret-check.ts';
import { weighAllOldCaptures } from '#src/permissions/weigh-old-captures.ts';
import { startSaving } from '#src/sightings/sightings.ts';
import { startFaults } from './start-faults.ts';
import { staticFiles } from './static-files.ts';

/** What `astro build` leaves: a request handler for every page. */
type AstroHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
  locals: object,
) => void;

export interface RunningServer {
  app: Application;
  url: string;
  /** Finishes what is under way, then closes. */
  stop: () => Promise<void>;
}

/** Nothing was changed: one sentence for each reason. */
class StartRefused extends Error {
  readonly reasons: string[];

  constructor(reasons: string[]) {
    super(reasons.join('\n'));
    this.name = 'StartRefused';
    this.reasons = reasons;
  }
}

/** Config → app → what speaks against it → migrate → mail worker and jobs → HTTP, so that nothing waits for a first visitor. */
export async function startServer(config: Config): Promise<RunningServer> {
  const app = await openApp(config);
  const faults = await startFaults(app.db, config);
  if (faults.length > 0) {
    await app.db.destroy();
    throw new StartRefused(faults);
  }
  await migrate(app.db);
  await keepSecretCheck(app.db, app.keys, app.now());
  await weighAllOldCaptures(app);
  if (!config.production && (await seedDemo(app))) app.log.info('demo.seeded');
  const dropped = await dropStoppedBoxes(app);
  if (dropped.length > 0) app.log.warn({ forms: dropped }, 'forms.stopped_texts_dropped');
  await freezeRelease(app);
  if (!config.limits) app.log.warn('LIMITS=off: anyone can make this server send mails. For tests only.');
  consoleToLog(app.log);
  const servers = await listen(config, await answererOf(app));
  const url = addressOf(servers[0]);
  config.baseUrl ||= url;
  const worker = startMailWorker(app, await openTransport(config.mail));
  app.mailsQueued = worker.wake;
  const stopping = new AbortController();
  app.stopping = stopping.signal;
  const scheduler = startScheduler(app);
  const webhooks = startWebhookWorker(app);
  const sightings = startSaving(app.sightings);
  app.log.info({ url: config.baseUrl }, 'server.ready');
  return {
    app,
    url,
    stop: async () => {
      stopping.abort();
      await Promise.all([...servers.map(close), scheduler.stop(), webhooks.stop()]);
      await importsAtRest(app);
      await worker.stop();
      await sightings.stop();
      await app.db.destroy();
    },
  };
}

/** Brotli's own window of 4 MB for each page is what the collector would spend its time on. A page fits into 64 kB. */
const smallWindow = { [constants.BROTLI_PARAM_LGWIN]: 16, [constants.BROTLI_PARAM_QUALITY]: 4 };

/** What answers everything that a connection may bring. */
interface Answerer {
  request: RequestListener;
  /** Bytes that are no request (`status` says why), or a request for a tunnel. */
  refuseSocket: (socket: Duplex, status: number) => void;
  /** An expectation that nobody here meets. */
  refuseExpectation: RequestListener;
}

async function answererOf(app: Application): Promise<Answerer> {
  const dispatch = await dispatcher(app);
  const headers = () => plainSecurityHeaders(app.config.baseUrl);
  const answering = new WeakMap<Duplex, ServerResponse>();
  return {
    request(request, response) {
      answering.set(request.socket, response);
      // Whatever a head holds that nobody thought of ends its request, and never the process.
      try {
        const fault = headFault(request);
        if (fault) refuse(response, fault.status, { ...headers(), ...fault.headers });
        else dispatch(request, response);
      } catch (error) {
        app.log.error({ err: error }, 'http.failed');
        if (response.headersSent) response.destroy();
        else refuse(response, 500, headers());
      }
    },
    refuseSocket(socket, status) {
      const response = answering.get(socket);
      // In the middle of an answer a refusal would be read as a part of it.
      if (response?.headersSent && !response.writableFinished) socket.destroy();
      else refuseSocket(socket, status, headers());
    },
    refuseExpectation: (_request, response) => refuse(response, 417, headers()),
  };
}

async function dispatcher(app: Application): Promise<RequestListener> {
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
    // The API has its own. A page changes them as it needs; what the adapter answers by itself keeps these.
    if (!path.startsWith('/api')) setHeaders(response, plainSecurityHeaders(app.config.baseUrl));
    // Only the page of a form knows which sites may frame it, and a header that stands here can't be taken back there.
    if (path.startsWith('/f/')) response.removeHeader('X-Frame-Options');
    if (answerMetrics(app, times, request, response) || answerHealth(app, request, response)) return;
    times.watch(request, response, () => locals.route ?? apiRoute(path) ?? 'other');
    if (serveApi(app, request, response)) return;
    hurry(request);
    if (files(request, response)) return;
    request.url = decodable(request.url ?? '/');
    const showPage = () =>
      compress(request as never, response as never, () => {
        astro.handler(request, response, () => response.writeHead(404).end(), locals);
      });
    if (!serveActs(request, response, locals, showPage)) showPage();
  };
}

function setHeaders(response: ServerResponse, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** In place of the adapter's own listener, which prints the address of the request. */
function logRejections(app: Application): void {
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (error) => app.log.error({ err: error }, 'process.unhandled_rejection'));
}

/** Astro complains past our log about a path that cannot be decoded. Taken literally, it is an address that nobody has. */
function decodable(url: string): string {
  const [path = '', ...query] = url.split('?');
  try {
    decodeURI(path);
    return url;
  } catch {
    return [path.replaceAll('%', '%25'), ...query].join('?');
  }
}

/** The body of a form is there within half a minute, or whoever sends it holds the connection on purpose. */
function hurry(request: IncomingMessage): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const late = setTimeout(() => request.destroy(), 30_000).unref();
  request.once('close', () => clearTimeout(late));
}

/** Without HOST the demo listens on this machine only, by both of its names, and production everywhere. */
async function listen(config: Config, answerer: Answerer): Promise<[Server, ...Server[]]> {
  if (config.host) return [await listenOn(answerer, config.port, config.host)];
  if (config.production) return [await listenOn(answerer, config.port)];
  const first = await listenOn(answerer, config.port, '127.0.0.1');
  const port = Number(new URL(addressOf(first)).port);
  const second = await listenOn(answerer, port, '::1').catch((error: { code?: string }) => {
    if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') return undefined;
    throw error;
  });
  return second ? [first, second] : [first];
}

function listenOn(answerer: Answerer, port: number, host?: string): Promise<Server> {
  // Node would refuse a missing Host by itself, without our headers; src/http/check-head.ts does.
  const options = { connectionsCheckingInterval: 5_000, requireHostHeader: false };
  const server = createServer(options, answerer.request);
  server.headersTimeout = 10_000;
  // A file for the API may take its time to arrive; the pages hurry by themselves.
  server.requestTimeout = 600_000;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    answerer.refuseSocket(socket, parserStatuses[error.code ?? ''] ?? 400),
  );
  server.on('connect', (_request, socket: Duplex) => answerer.refuseSocket(socket, 405));
  server.on('checkExpectation', answerer.refuseExpectation);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

/** As Node would answer them; every other error of its parser is a 400. */
const parserStatuses: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

function addressOf(server: Server): string {
  const address = server.address();
  const port = address && typeof address === 'object' ? address.port : 0;
  return `http://localhost:${port}`;
}

/** Answers what came in, and no longer than ten seconds for the slowest. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const impatient = setTimeout(() => server.closeAllConnections(), 10_000);
    server.close(() => {
      clearTimeout(impatient);
      resolve();
    });
    server.closeIdleConnections();
  });
}

async function main(): Promise<void> {
  const read = readConfig(process.env);
  if (!read.ok) {
    const found = read.config ? await faultsInDatabase(read.config) : [];
    return refuseStart([...read.mistakes, ...found]);
  }
  const running = await startServer(read.config).catch((error: unknown) =>
    error instanceof StartRefused
      ? refuseStart(error.reasons)
      : exitWith(`Jawort cannot start: ${whatWentWrong(error, read.config)}`),
  );
  if (!read.config.production) welcome(read.config);
  let stoppingSince: number | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // A terminal and npm both pass Ctrl-C on, so the first comes twice. Who asks again later means it.
      if (stoppingSince !== undefined && Date.now() - stoppingSince > 1_000) process.exit(1);
      if (stoppingSince !== undefined) return;
      stoppingSince = Date.now();
      running.app.log.info({ signal }, 'server.stopping');
      running.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          running.app.log.error({ reason: String(error) }, 'server.stop_failed');
          process.exit(1);
        },
      );
    });
  }
}

function refuseStart(reasons: string[]): never {
  return exitWith(['Jawort cannot start:', ...reasons.map((reason) => `- ${reason}`)].join('\n'));
}

function exitWith(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** For a start that is refused already: so that the list of reasons is whole. Makes no database that is not there. */
async function faultsInDatabase(config: Config): Promise<string[]> {
  if (!databaseExists(config.databaseUrl)) return [];
  try {
    const db = await connect(config.databaseUrl);
    return await startFaults(db, config).finally(() => db.destroy());
  } catch (error) {
    return [whatWentWrong(error, config)];
  }
}

function welcome(config: Config): void {
  process.stdout.write(
    [
      '',
      `Jawort is ready:   ${config.baseUrl}${paths.demo()}`,
      `Sign up:           ${config.baseUrl}${paths.form('newsletter')}`,
      `Read the mails:    ${config.baseUrl}${paths.demoMailbox()}`,
      '',
    ].join('\n'),
  );
}

function whatWentWrong(error: unknown, config: Config): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'EADDRINUSE') return `port ${config.port} is in use. Set PORT to another one.`;
  return message ?? String(error);
}

if (process.argv[1] === import.meta.filename) await main();

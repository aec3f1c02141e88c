import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '#src/app/app.ts';
import { exposition, expositionType, type Metric } from './exposition.ts';
import { readMetrics } from './read-metrics.ts';
import type { RequestTimes } from './request-times.ts';

/** Answers `/metrics` for Prometheus. False for every other path: the request is not answered. */
export function answerMetrics(
  app: App,
  times: RequestTimes,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (request.url?.split('?')[0] !== '/metrics') return false;
  const refused = refusal(app.config.metricsToken, request);
  if (refused === 404) refuse(response, 404);
  else if (refused === 401) refuse(response, 401, { 'WWW-Authenticate': 'Bearer realm="jawort metrics"' });
  else if (request.method !== 'GET' && request.method !== 'HEAD')
    refuse(response, 405, { Allow: 'GET, HEAD' });
  else sendMetrics(app, times, response);
  return true;
}

/**
 * With METRICS_TOKEN every request needs the token. Without it only direct requests from this machine are answered, none
 * that a proxy forwards.
 */
function refusal(token: string | undefined, { headers, socket }: IncomingMessage): 401 | 404 | undefined {
  if (token !== undefined) {
    const [, given = ''] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
    return isSame(given, token) ? undefined : 401;
  }
  const isForwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => headers[name]);
  return isLoopback(socket.remoteAddress ?? '') && !isForwarded ? undefined : 404;
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}

/** In constant time. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [given, token].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

function sendMetrics(app: App, times: RequestTimes, response: ServerResponse): void {
  readMetrics(app).then(
    (metrics) => {
      response.writeHead(200, { 'Content-Type': expositionType, 'Cache-Control': 'no-store' });
      response.end(exposition([durations(times), ...metrics]));
    },
    (error: unknown) => {
      app.log.error({ reason: String(error) }, 'metrics.failed');
      refuse(response, 503);
    },
  );
}

function durations(times: RequestTimes): Metric {
  return {
    name: 'jawort_http_request_duration_seconds',
    type: 'histogram',
    help: 'Duration of requests to this process, from their headers to the end of their answer.',
    samples: times.samples(),
  };
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(`${status}\n`);
}

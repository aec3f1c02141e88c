import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { App } from '#src/app/app.ts';
import { clientOf } from '#src/http/client.ts';
import { requestFrom } from '#src/http/request-like.ts';
import { answerApi } from './answer-api.ts';

/**
 * Answers requests under `/api`; false for every other address.
 *
 * The API runs in front of the pages: files of a million rows stream through it, which the body limit of the pages would
 * stop, and no redirect or cookie rule of a page may apply to it.
 */
export function serveApi(app: App, incoming: IncomingMessage, outgoing: ServerResponse): boolean {
  if (!/^\/api(?:\/|\?|$)/.test(incoming.url ?? '')) return false;
  serve(app, incoming, outgoing).catch((error: NodeJS.ErrnoException) => {
    // The client disconnected before its request or our answer was complete.
    app.log.debug({ reason: error.code ?? error.name }, 'api.broken_off');
    outgoing.destroy();
  });
  return true;
}

async function serve(app: App, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const request = requestFrom(incoming, url);
  const client = clientOf({ request, clientAddress: incoming.socket.remoteAddress ?? '', locals: { app } });
  const { status, headers, body } = await answerApi(app, request, url, client);
  if (body === null || typeof body === 'string') {
    const length = body === null ? {} : { 'Content-Length': Buffer.byteLength(body) };
    outgoing.writeHead(status, { ...headers, ...length }).end(body ?? undefined);
    return;
  }
  outgoing.writeHead(status, headers);
  await pipeline(body, outgoing);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { App } from '#src/app.ts';
import { clientOf } from '#src/http/client.ts';
import { answerApi } from './answer-api.ts';

/**
 * Answers what is asked under `/api`; false for every other address.
 *
 * The API stands in front of the pages and not among them: files of a million rows stream through it, which
 * the body limit of the pages would end, and no page's redirect or cookie rule should ever apply to it.
 */
export function serveApi(app: App, incoming: IncomingMessage, outgoing: ServerResponse): boolean {
  if (!/^\/api(?:\/|\?|$)/.test(incoming.url ?? '')) return false;
  serve(app, incoming, outgoing).catch((error: NodeJS.ErrnoException) => {
    // The client went away while it was answered, or what it sent broke off.
    app.log.debug({ reason: error.code ?? error.name }, 'api.broken_off');
    outgoing.destroy();
  });
  return true;
}

async function serve(app: App, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const request = requestOf(incoming);
  const client = clientOf({ request, clientAddress: incoming.socket.remoteAddress ?? '', locals: { app } });
  const response = await answerApi(app, request, client);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (!response.body) {
    outgoing.end();
    return;
  }
  await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing);
}

function requestOf(incoming: IncomingMessage): Request {
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const { method = 'GET' } = incoming;
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers });
  const body = Readable.toWeb(incoming) as unknown as BodyInit;
  return new Request(url, { method, headers, body, duplex: 'half' } as RequestInit);
}

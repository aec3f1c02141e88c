/** The witness over HTTP: one address to submit to, one to read what it cosigned last (C2SP tlog-witness). */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { NoteSigner } from '#src/log/signed-note.ts';
import { addCheckpoint, type WitnessAnswer, type WitnessStore } from './add-checkpoint.ts';

/** Room for 63 hashes and sixteen large signatures. */
const mostBytes = 128 * 1024;

export function witnessServer(store: WitnessStore, signer: NoteSigner, about: string): Server {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (body: string): Promise<WitnessAnswer> => {
    const answer = last.then(() => addCheckpoint(store, signer, body, new Date()));
    last = answer.catch(() => undefined);
    return answer;
  };
  const server = createServer((request, response) => {
    answer(request, store, inTurn, about)
      .catch((): WitnessAnswer => ({ status: 500, body: 'The state could not be kept.\n' }))
      .then((given) => send(request, response, given));
  });
  // A submission is a few kilobytes: whoever needs longer holds the connection on purpose.
  server.requestTimeout = 15_000;
  return server;
}

async function answer(
  request: IncomingMessage,
  { state }: WitnessStore,
  inTurn: (body: string) => Promise<WitnessAnswer>,
  about: string,
): Promise<WitnessAnswer> {
  const path = request.url?.split('?')[0] ?? '';
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (path === '/add-checkpoint') {
    if (request.method !== 'POST') return { status: 405, body: 'POST only.\n' };
    const body = await readBody(request);
    return body === undefined ? { status: 413, body: 'Too long.\n' } : inTurn(body);
  }
  if (!isRead) return { status: 404, body: 'Not found.\n' };
  if (path === '/') return { status: 200, body: about };
  const origin = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path)?.[1];
  const log = Object.entries(state.logs).find(([name]) => hashOf(name) === origin)?.[1];
  return log?.note ? { status: 200, body: log.note } : { status: 404, body: 'Not found.\n' };
}

function hashOf(origin: string): string {
  return createHash('sha256').update(origin).digest('hex');
}

/** `undefined` when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > mostBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, type }: WitnessAnswer,
): void {
  const allow = status === 405 ? { Allow: 'POST' } : {};
  const close = status === 413 ? { Connection: 'close' } : {};
  response.writeHead(status, {
    'Content-Type': type ?? 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...allow,
    ...close,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/**
 * The load: a thread of its own that keeps a number of connections busy, one request after the other on each.
 *
 * It writes and reads sockets itself, because an HTTP client would cost as much as the bare server it measures.
 */
import { connect, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

export interface Load {
  port: number;
  connections: number;
  /** How long to measure, after a short while that warms up and does not count. */
  seconds: number;
  method: 'GET' | 'POST';
  /** Instead of those of a browser that sends a form. */
  headers?: string[];
  /** What is asked, in turn; once each, unless `over`: from the beginning again and again. */
  requests: { path: string; body?: string }[];
  over: boolean;
}

export interface Measured {
  /** In milliseconds, in the order of the answers. */
  latencies: Float64Array;
  seconds: number;
  statuses: Record<number, number>;
  /** How many of the requests were sent, those of the warm-up included. */
  used: number;
}

const warmUp = 0.2;

const browser = [
  'Accept: text/html,application/xhtml+xml',
  'Accept-Encoding: gzip, deflate, br',
  'Accept-Language: de-DE,de;q=0.9,en;q=0.5',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0',
];

if (parentPort) parentPort.postMessage(await measure(workerData as Load));

async function measure(load: Load): Promise<Measured> {
  const startedAt = performance.now() + load.seconds * warmUp * 1000;
  const endsAt = startedAt + load.seconds * 1000;
  const latencies: number[] = [];
  const statuses: Record<number, number> = {};
  let used = 0;
  let lastAt = startedAt;

  function nextRequest(): Buffer | undefined {
    const position = load.over ? used % load.requests.length : used;
    const request = load.requests[position];
    if (!request || performance.now() >= endsAt) return undefined;
    used += 1;
    return Buffer.from(written(load, request));
  }

  function answered(status: number, sentAt: number): void {
    statuses[status] = (statuses[status] ?? 0) + 1;
    const now = performance.now();
    if (sentAt < startedAt) return;
    latencies.push(now - sentAt);
    lastAt = now;
  }

  const one = () => converse(load.port, nextRequest, answered);
  await Promise.all(Array.from({ length: load.connections }, one));
  const seconds = (lastAt - startedAt) / 1000;
  return { latencies: Float64Array.from(latencies), seconds, statuses, used };
}

function written(
  { method, port, headers }: Load,
  { path, body = '' }: { path: string; body?: string },
): string {
  const head = [`${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...(headers ?? browser)];
  if (method === 'POST') {
    if (!headers) head.push('Content-Type: application/x-www-form-urlencoded');
    head.push(`Content-Length: ${Buffer.byteLength(body)}`);
  }
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** One connection, kept open: sends, waits for the whole answer, sends again, until there is nothing to send. */
function converse(
  port: number,
  nextRequest: () => Buffer | undefined,
  answered: (status: number, sentAt: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let received = '';
    let sentAt = 0;

    function send(): void {
      const request = nextRequest();
      if (!request) {
        socket.destroy();
        resolve();
        return;
      }
      received = '';
      sentAt = performance.now();
      socket.write(request);
    }

    socket.setTimeout(30_000, () => socket.destroy(new Error('no answer within 30 s')));
    socket.once('connect', send);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the server closed the connection')));
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (!isWhole(received)) return;
      answered(Number(received.slice(9, 12)), sentAt);
      send();
    });
  });
}

function isWhole(received: string): boolean {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd < 0) return false;
  const head = received.slice(0, headEnd);
  if (/\r\ntransfer-encoding: chunked/i.test(head)) return received.endsWith('\r\n0\r\n\r\n');
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  return received.length >= headEnd + 4 + Number(length ?? 0);
}

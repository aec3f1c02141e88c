import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers in the format of RFC 9457, without a page: the client is no browser, or pages don't work. */
export function refuse(response: ServerResponse, status: number, headers: Record<string, string>): void {
  const body = problemBody(status);
  response.writeHead(status, { ...headersOf(body), ...headers }).end(body);
}

/** The same for a connection without a request: its bytes could not be parsed, or asked for a tunnel. */
export function refuseSocket(socket: Duplex, status: number, headers: Record<string, string>): void {
  if (!socket.writable) return void socket.destroy();
  const body = problemBody(status);
  const lines = Object.entries({ ...headersOf(body), ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'));
  // Closes the connection even if the client keeps sending.
  setTimeout(() => socket.destroy(), 1_000).unref();
}

function problemBody(status: number): string {
  return JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status });
}

function headersOf(body: string): Record<string, string> {
  return {
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
}

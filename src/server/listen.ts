import { createServer, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Config } from '#src/app/config.ts';

/** One for each thing that a connection may bring. */
export interface RequestHandlers {
  request: RequestListener;
  /** Bytes that are no request (`status` says why), or a request for a tunnel. */
  refuseSocket: (socket: Duplex, status: number) => void;
  /** An `Expect` header that is not supported. */
  refuseExpectation: RequestListener;
}

/** Without HOST the demo listens on this machine only, under both of its addresses, and production everywhere. */
export async function listen(config: Config, handlers: RequestHandlers): Promise<[Server, ...Server[]]> {
  if (config.host) return [await listenOn(handlers, config.port, config.host)];
  if (config.production) return [await listenOn(handlers, config.port)];
  const first = await listenOn(handlers, config.port, '127.0.0.1');
  const port = Number(new URL(addressOf(first)).port);
  const second = await listenOn(handlers, port, '::1').catch((error: { code?: string }) => {
    if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') return undefined;
    throw error;
  });
  return second ? [first, second] : [first];
}

export function addressOf(server: Server): string {
  const address = server.address();
  const port = address && typeof address === 'object' ? address.port : 0;
  return `http://localhost:${port}`;
}

/** Answers the requests that are under way, for ten seconds at most. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => server.closeAllConnections(), 10_000);
    server.close(() => {
      clearTimeout(deadline);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function listenOn(handlers: RequestHandlers, port: number, host?: string): Promise<Server> {
  // Node would refuse a missing Host by itself, without our headers; src/http/check-head.ts does.
  const options = { connectionsCheckingInterval: 5_000, requireHostHeader: false };
  const server = createServer(options, handlers.request);
  server.headersTimeout = 10_000;
  // A file for the API may take its time to arrive; pages have a limit of their own.
  server.requestTimeout = 600_000;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    handlers.refuseSocket(socket, parserStatuses[error.code ?? ''] ?? 400),
  );
  server.on('connect', (_request, socket: Duplex) => handlers.refuseSocket(socket, 405));
  server.on('checkExpectation', handlers.refuseExpectation);
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

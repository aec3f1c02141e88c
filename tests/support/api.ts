import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveApi } from '#src/api/serve-api.ts';
import type { Config } from '#src/app/config.ts';
import { demoKey } from '#src/exchange/api-keys.ts';
import { openTestApp, type TestApp } from './app.ts';
import type { DatabaseName } from './databases.ts';

export interface TestApi extends TestApp {
  url: string;
  /** A request with the demo's key, unless the headers say otherwise. */
  call: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<ApiAnswer>;
}

export interface ApiAnswer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** The API over real HTTP, on the demo. */
export async function openTestApi(name: DatabaseName, changes: Partial<Config> = {}): Promise<TestApi> {
  const test = await openTestApp(name, changes);
  // What fails here is an error of ours, which no answer would tell.
  test.app.log.error = (what: { err?: Error }) => console.error(what.err?.stack ?? what);
  const server = createServer((request, response) => {
    if (!serveApi(test.app, request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...test,
    url,
    call: async (path, body, headers = {}) => {
      const response = await fetch(`${url}/api/v1${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          Authorization: `Bearer ${demoKey}`,
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      const json = /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : { text };
      return { status: response.status, headers: response.headers, body: json };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await test.close();
    },
  };
}

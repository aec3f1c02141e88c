import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveActions } from '#src/actions/serve-actions.ts';
import { serveApi } from '#src/api/serve-api.ts';
import type { Config } from '#src/app/config.ts';
import type { Again } from '#src/http/action-result.ts';
import { openTestApp, type TestApp } from './app.ts';
import type { DatabaseName } from './databases.ts';
import { type Answer, ask } from './requests.ts';

export interface TestDoors extends TestApp {
  port: number;
  /** Sends a form, as a browser does. A page that would be shown is answered with its status and no words. */
  post: (
    path: string,
    fields: Record<string, string | string[]>,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
  /** Sends JSON to the API, without a key unless the headers bring one. */
  send: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
}

/** What people post and programs ask, over real HTTP on the demo, without the pages. */
export async function openTestDoors(name: DatabaseName, changes: Partial<Config> = {}): Promise<TestDoors> {
  const test = await openTestApp(name, changes);
  test.app.log.error = (what: { err?: Error }) => console.error(what.err?.stack ?? what);
  const server = createServer((request, response) => {
    const locals = { app: test.app } as App.Locals;
    const showPage = () => {
      const answer = locals.posted as Again<unknown> | undefined;
      response.writeHead(locals.refused?.status ?? answer?.status ?? 200).end();
    };
    if (serveApi(test.app, request, response)) return;
    if (!serveActions(request, response, locals, showPage)) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...test,
    port,
    post: (path, fields, headers = {}) => {
      const pairs = Object.entries(fields).flatMap(([key, values]) =>
        [values].flat().map((value) => [key, value]),
      );
      return ask({ port }, path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(pairs).toString(),
      });
    },
    send: (path, body, headers = {}) =>
      ask({ port }, `/api/v1${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await test.close();
    },
  };
}

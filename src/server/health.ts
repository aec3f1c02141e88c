import type { IncomingMessage, ServerResponse } from 'node:http';
import { pendingMigrations } from '#db/migrate.ts';
import type { App } from '#src/app/app.ts';

/** `/healthz`: the process lives. `/readyz`: the database answers, has all its migrations, and may be written. */
export function answerHealth(app: App, request: IncomingMessage, response: ServerResponse): boolean {
  const path = request.url?.split('?')[0];
  if (path !== '/healthz' && path !== '/readyz') return false;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    answer(response, 405, { status: 'method not allowed' });
  } else if (path === '/healthz') {
    answer(response, 200, { status: 'ok' });
  } else {
    readiness(app).then(
      (pending) =>
        pending.length > 0
          ? answer(response, 503, { status: 'migrations pending', pending })
          : app.writesStopped
            ? answer(response, 503, { status: 'writing stopped', reason: app.writesStopped })
            : answer(response, 200, { status: 'ready' }),
      () => answer(response, 503, { status: 'database unreachable' }),
    );
  }
  return true;
}

const patienceMs = 3_000;

async function readiness(app: App): Promise<string[]> {
  const tooLate = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('the database did not answer in time')), patienceMs).unref();
  });
  return Promise.race([pendingMigrations(app.db), tooLate]);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

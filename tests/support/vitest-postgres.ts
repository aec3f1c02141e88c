import { createServer } from 'node:http';
import { ownTmpdir } from './files.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

/**
 * Starts PostgreSQL once for the whole run and only when a test asks for it: a test without a database is not kept
 * waiting. Where `TEST_POSTGRES_URL` names a server, that one is used.
 */
export default async function offerPostgres(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_POSTGRES_URL) return undefined;
  ownTmpdir();
  let starting: Promise<PostgresServer> | undefined;
  const offer = createServer((_request, response) => {
    starting ??= startPostgres();
    starting.then(
      ({ url }) => response.end(url),
      (error: Error) => response.writeHead(503).end(error.message),
    );
  });
  await new Promise<void>((ready) => offer.listen(0, '127.0.0.1', ready));
  const address = offer.address();
  process.env.TEST_POSTGRES_OFFER = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  return async () => {
    offer.close();
    await (await starting)?.stop();
  };
}

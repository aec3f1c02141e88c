import { startPostgres } from './postgres.ts';

/** Starts PostgreSQL once for the whole run, unless the caller brings a server of its own. */
export default async function startForVitest(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_POSTGRES_URL) return undefined;
  const server = await startPostgres();
  process.env.TEST_POSTGRES_URL = server.url;
  return server.stop;
}

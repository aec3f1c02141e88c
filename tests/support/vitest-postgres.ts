import { ownTmpdir } from './files.ts';
import { startPostgres } from './postgres.ts';

/** Starts PostgreSQL once for the whole run, with a place for files, unless the caller brings both. */
export default async function startForVitest(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_POSTGRES_URL) return undefined;
  ownTmpdir();
  const server = await startPostgres();
  process.env.TEST_POSTGRES_URL = server.url;
  return server.stop;
}

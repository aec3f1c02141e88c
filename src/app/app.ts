import pino, { type Logger } from 'pino';
import { connect, type Db } from '#db/connect.ts';
import type { Config } from './config.ts';
import { deriveKeys, type Keys } from '#src/secrets/keys.ts';
import { openSightings, type Sightings } from '#src/sightings/sightings.ts';

/** Everything an act may need, put together once. Pages get it as `Astro.locals.app`. */
export interface App {
  config: Config;
  db: Db;
  keys: Keys;
  /** The clock. Tests set it. */
  now: () => Date;
  log: Logger;
  /** Called after a commit that put mails into the outbox; the worker looks at once instead of at its next round. */
  mailsQueued: () => void;
  /** Aborted when the process is told to end: long work stops after the portion it is at. */
  stopping?: AbortSignal;
  /** What was only looked at, counted in memory. */
  sightings: Sightings;
}

export async function openApp(config: Config): Promise<App> {
  const own = {
    config,
    db: await connect(config.databaseUrl),
    keys: deriveKeys(config.appSecret),
    now: () => new Date(),
    log: openLog(config),
    mailsQueued: () => {},
  };
  return { ...own, sightings: openSightings(own) };
}

function openLog({ logLevel }: Config): Logger {
  const output = pino.destination({ fd: process.stdout.fd, sync: true });
  // A log on a full disk loses lines; without a listener it would end the process.
  output.on('error', () => undefined);
  const options = {
    level: logLevel,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
  };
  return pino(options, output);
}

/** No other property: `input` of a wrong URL and `detail` of PostgreSQL quote what somebody sent. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: typeof error };
  const { name, message, stack } = error;
  return { type: name, message, stack, ...('code' in error && { code: error.code }) };
}

import pino, { type Logger } from 'pino';
import { connect } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import type { Config } from '#src/app/config.ts';
import { deriveKeys } from '#src/secrets/keys.ts';
import { openSightings } from '#src/sightings/sightings.ts';

/** Connects to the database, which may still lack migrations. */
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

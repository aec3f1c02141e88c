import type { Logger } from 'pino';
import type { Db } from '#db/connect.ts';
import type { Keys } from '#src/secrets/keys.ts';
import type { Sightings } from '#src/sightings/sightings.ts';
import type { Config } from './config.ts';

/** Everything that a use case may need. Pages get it as `Astro.locals.app`. */
export interface App {
  config: Config;
  db: Db;
  keys: Keys;
  /** The clock. Tests set it. */
  now: () => Date;
  log: Logger;
  /** Called after a commit that put mails into the outbox: the worker looks at once and not only at its next round. */
  mailsQueued: () => void;
  /** Aborted when the process is told to end: long work stops after the batch it is at. */
  stopping?: AbortSignal;
  /** Why nothing may be written, in one sentence, while that is so. Decisions are still answered. */
  writesStopped?: string | undefined;
  /** Counts of what was only looked at, in memory. */
  sightings: Sightings;
}

import { existsSync } from 'node:fs';
import type { App } from '#src/app/app.ts';
import { catchUp } from './catch-up.ts';
import { isLogKey, listLogKeys, queueKeyEntry } from './key-entries.ts';
import { type LogKeyPlace, readLogKey, writeLogKey } from './log-key.ts';
import { makeCheckpoint, type StoredCheckpoint } from './make-checkpoint.ts';
import { findLostHead, forgetHead, rememberHead } from './remembered-head.ts';
import { logSize } from './sequence.ts';
import type { NoteSigner } from './signed-note.ts';

type Log = Pick<App, 'db' | 'keys' | 'now' | 'log' | 'config'>;

export type Signed =
  | { outcome: 'signed'; checkpoint: StoredCheckpoint }
  /** One sentence for the operator: nothing was signed. */
  | { outcome: 'not_signed'; message: string };

/** Takes everything in and signs the head, if the key of the log is here. */
export async function signNow(app: Log, place: LogKeyPlace): Promise<Signed> {
  await catchUp(app);
  return signHead(app, place);
}

/** Signs the head as it is, if the key of the log is here. */
export async function signHead(app: Log, place: LogKeyPlace): Promise<Signed> {
  const read = readLogKey(place);
  if (read.outcome !== 'read') return notSigned(read.message);
  if (!(await isLogKey(app.db, read.signer))) return notSigned(notOurs(place));
  const lost = await findLostHead(app);
  if (lost) return notSigned(lost);
  const checkpoint = await makeCheckpoint(app.db, read.signer, app.now().toISOString());
  if (!checkpoint) return notSigned('The log is empty: there is nothing to sign.');
  rememberHead(place, checkpoint.note);
  return { outcome: 'signed', checkpoint };
}

function notSigned(message: string): Signed {
  return { outcome: 'not_signed', message };
}

function notOurs({ file, origin }: LogKeyPlace): string {
  return `The key at ${file} does not sign the log ${origin}. Use the key that does, or replace it with: npm run jawort -- log rotate`;
}

/**
 * Begins to sign a log that no key has signed before: its first entry about a key, and its first checkpoint. What was
 * there before is in it as it stands now.
 */
export async function beginLog(
  app: Log,
  place: LogKeyPlace,
  signer: NoteSigner,
): Promise<StoredCheckpoint | undefined> {
  if ((await listLogKeys(app.db)).length > 0) return undefined;
  await queueKeyEntry(app.db, 'key_added', signer);
  await catchUp(app);
  const checkpoint = await makeCheckpoint(app.db, signer, app.now().toISOString());
  if (checkpoint) rememberHead(place, checkpoint.note);
  return checkpoint;
}

/**
 * Outside production the key is made where it is missing, so that the demo has a log from the start. What is in the
 * database already can be millions of rows: the worker takes it in, and signs it, once the server is ready.
 */
export async function ensureDemoLog(app: App): Promise<void> {
  const { logKey, production } = app.config;
  if (production || !logKey) return;
  if ((await listLogKeys(app.db)).length > 0) return;
  if (!existsSync(logKey.file)) writeLogKey(logKey.file);
  const read = readLogKey(logKey);
  if (read.outcome !== 'read') return;
  // The head of an earlier demo, whose database was deleted.
  if ((await logSize(app.db)) === 0) forgetHead(logKey);
  await queueFirstKey(app, read.signer);
}

async function queueFirstKey(app: App, signer: NoteSigner): Promise<void> {
  const queued = await app.db
    .selectFrom('log_queue')
    .select('id')
    .where('kind', '=', 'key_added')
    .executeTakeFirst();
  if (!queued) await queueKeyEntry(app.db, 'key_added', signer);
}

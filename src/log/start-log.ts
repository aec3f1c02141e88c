import { existsSync } from 'node:fs';
import type { App } from '#src/app/app.ts';
import { catchUp } from './catch-up.ts';
import { isLogKey, listLogKeys, queueKeyEntry } from './key-entries.ts';
import { type LogKeyPlace, readLogKey, writeLogKey } from './log-key.ts';
import { makeCheckpoint, type StoredCheckpoint } from './make-checkpoint.ts';
import type { NoteSigner } from './signed-note.ts';

type Log = Pick<App, 'db' | 'keys' | 'now'>;

export type Signed =
  | { outcome: 'signed'; checkpoint: StoredCheckpoint }
  /** One sentence for the operator: nothing was signed. */
  | { outcome: 'no_key'; message: string };

/** Takes everything in and signs the head, if the key of the log is here. */
export async function signNow(app: Log, place: LogKeyPlace): Promise<Signed> {
  await catchUp(app);
  return signHead(app, place);
}

/** Signs the head as it is, if the key of the log is here. */
export async function signHead(app: Log, place: LogKeyPlace): Promise<Signed> {
  const read = readLogKey(place);
  if (read.outcome !== 'read') return { outcome: 'no_key', message: read.message };
  if (!(await isLogKey(app.db, read.signer))) return { outcome: 'no_key', message: notOurs(place) };
  const checkpoint = await makeCheckpoint(app.db, read.signer, app.now().toISOString());
  return checkpoint
    ? { outcome: 'signed', checkpoint }
    : { outcome: 'no_key', message: 'The log is empty: there is nothing to sign.' };
}

function notOurs({ file, origin }: LogKeyPlace): string {
  return `The key at ${file} does not sign the log ${origin}. Use the key that does, or replace it with: npm run jawort -- log rotate`;
}

/**
 * Begins to sign a log that no key has signed before: its first entry about a key, and its first checkpoint. What was
 * there before is in it as it stands now.
 */
export async function beginLog(app: Log, signer: NoteSigner): Promise<StoredCheckpoint | undefined> {
  if ((await listLogKeys(app.db)).length > 0) return undefined;
  await queueKeyEntry(app.db, 'key_added', signer);
  await catchUp(app);
  return makeCheckpoint(app.db, signer, app.now().toISOString());
}

/** Outside production the key is made where it is missing, so that the demo has a log from the start. */
export async function ensureDemoLog(app: App): Promise<void> {
  const { logKey, production } = app.config;
  if (production || !logKey) return;
  if (!existsSync(logKey.file) && (await listLogKeys(app.db)).length === 0) writeLogKey(logKey.file);
  const read = readLogKey(logKey);
  if (read.outcome === 'read') await beginLog(app, read.signer);
}

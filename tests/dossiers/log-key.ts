import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '#src/app/app.ts';
import { readLogKey, writeLogKey } from '#src/log/log-key.ts';
import { beginLog } from '#src/log/start-log.ts';

/** Gives the app a log key of its own and signs the first checkpoint; returns what removes the key again. */
export async function withLogKey(app: App): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'jawort-log-'));
  const place = { file: join(folder, 'log.pem'), origin: 'log.example' };
  writeLogKey(place.file);
  const read = readLogKey(place);
  if (read.outcome !== 'read') throw new Error(read.message);
  app.config.logKey = place;
  await beginLog(app, place, read.signer);
  return () => rmSync(folder, { recursive: true });
}

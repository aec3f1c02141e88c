import { renameSync, rmSync } from 'node:fs';
import type { App } from '#src/app/app.ts';
import { catchUp } from './catch-up.ts';
import { isLogKey, queueKeyEntry } from './key-entries.ts';
import { type LogKeyPlace, readLogKey, writeLogKey } from './log-key.ts';
import { makeCheckpoint } from './make-checkpoint.ts';
import { findLostHead, rememberHead } from './remembered-head.ts';
import { verifierOf, verifierText } from './signed-note.ts';

export type RotateResult =
  | { outcome: 'rotated'; verifier: string; formerFile: string }
  | { outcome: 'refused'; message: string };

/**
 * Replaces the key of the log. Both keys sign one checkpoint, so that whoever knows the former one can follow to the new
 * one. The former key stays in a file beside it, for the operator to put away or destroy.
 */
export async function rotateLogKey(
  app: Pick<App, 'db' | 'keys' | 'now' | 'log' | 'config'>,
  place: LogKeyPlace,
): Promise<RotateResult> {
  const former = readLogKey(place);
  if (former.outcome !== 'read') return { outcome: 'refused', message: former.message };
  const lost = await findLostHead(app);
  if (lost) return { outcome: 'refused', message: lost };
  await catchUp(app);
  if (!(await isLogKey(app.db, former.signer))) {
    return { outcome: 'refused', message: `The key at ${place.file} does not sign this log.` };
  }
  const newFile = `${place.file}.new`;
  rmSync(newFile, { force: true });
  writeLogKey(newFile);
  const next = readLogKey({ ...place, file: newFile });
  if (next.outcome !== 'read') return { outcome: 'refused', message: next.message };
  const at = () => app.now().toISOString();
  await queueKeyEntry(app.db, 'key_added', next.signer);
  await catchUp(app);
  await makeCheckpoint(app.db, former.signer, at(), [next.signer]);
  await queueKeyEntry(app.db, 'key_retired', former.signer);
  await catchUp(app);
  const checkpoint = await makeCheckpoint(app.db, next.signer, at());
  if (checkpoint) rememberHead(place, checkpoint.note);
  const formerFile = `${place.file}.retired-${at().slice(0, 10)}`;
  renameSync(place.file, formerFile);
  renameSync(newFile, place.file);
  return { outcome: 'rotated', verifier: verifierText(verifierOf(next.signer)), formerFile };
}

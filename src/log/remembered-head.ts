/**
 * The newest head that this machine signed, in a file beside the key of the log. A backup of the database does not take it
 * back, so it shows when a database was restored.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { App } from '#src/app/app.ts';
import { type Checkpoint, readCheckpointText } from './checkpoint.ts';
import type { LogKeyPlace } from './log-key.ts';
import { rootOf } from './merkle-tree.ts';
import { logSize } from './sequence.ts';
import { splitNote } from './signed-note.ts';
import { treeOf } from './tile-store.ts';

/** Replaces the file as one step: after a crash it holds the former head or this one. */
export function rememberHead(place: LogKeyPlace, note: string): void {
  const temporary = `${headFile(place)}.new`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, note);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, headFile(place));
}

/** For a restored database, once the log itself says so. */
export function forgetHead(place: LogKeyPlace): void {
  rmSync(headFile(place), { force: true });
}

/** `undefined` while this machine has signed nothing. */
export function rememberedHead(place: LogKeyPlace): Checkpoint | undefined {
  let note: string;
  try {
    note = readFileSync(headFile(place), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return readCheckpointText(splitNote(note)?.text ?? '');
}

/** One sentence when the log does not begin with the entries that this machine has signed. */
export async function findLostHead({ db, config }: Pick<App, 'db' | 'config'>): Promise<string | undefined> {
  const { logKey } = config;
  const head = logKey && rememberedHead(logKey);
  if (!head) return undefined;
  const size = await logSize(db);
  // The demo with a new database begins a new log.
  if (!config.production && size === 0) return undefined;
  const whatToDo =
    'If the database was restored from a backup, say so with: npm run jawort -- log restored --reason TEXT';
  if (size < head.size) {
    const lost = `entries ${size} to ${head.size - 1} of the log, which were signed here, are lost`;
    return `This database is older than its log: ${lost}. ${whatToDo}`;
  }
  const root = await rootOf(head.size, treeOf(db));
  if (Buffer.from(head.root).equals(root)) return undefined;
  return `The first ${head.size} entries of the log are not those that were signed here. ${whatToDo}`;
}

function headFile({ file }: LogKeyPlace): string {
  return `${file}.head`;
}

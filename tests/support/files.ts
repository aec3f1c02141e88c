/** Where the tests write their databases, mails and browser profiles. */
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';
/** Several times what a whole run holds at once. */
const roomNeeded = 1024 ** 3;

/**
 * Gives this process and all that it starts a folder of its own for `tmpdir()`, which is gone when the process ends.
 * It is in memory where there is room: thousands of small databases come and go, none has to outlive the run, and on
 * a disk making their files takes longer than the tests do. Where a `TMPDIR` is set already, the folder is in there.
 */
export function ownTmpdir(): void {
  const folder = mkdtempSync(join(process.env.TMPDIR ?? (hasRoom() ? memory : tmpdir()), 'jawort-tests-'));
  // PostgreSQL runs as another user, and has to get through to its own folder.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}

function hasRoom(): boolean {
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return Math.min(bavail * bsize, process.availableMemory()) >= roomNeeded;
  } catch {
    return false;
  }
}

import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { NoteSigner } from './signed-note.ts';

/** The key that signs the heads of the log, as LOG_KEY_FILE and LOG_ORIGIN name it. Nothing derives it from APP_SECRET. */
export interface LogKeyPlace {
  file: string;
  /** The name of the log. */
  origin: string;
}

export type ReadLogKey =
  | { outcome: 'read'; signer: NoteSigner }
  /** One sentence for the operator. */
  | { outcome: 'missing' | 'unusable'; message: string };

/** Reads the key: Ed25519 as PKCS #8 in PEM, in a file that nobody else may read. */
export function readLogKey({ file, origin }: LogKeyPlace): ReadLogKey {
  if (!existsSync(file)) {
    const message = `The key of the log is not at ${file}. Make one with: npm run jawort -- log init`;
    return { outcome: 'missing', message };
  }
  if ((statSync(file).mode & 0o077) !== 0) {
    const message = `Others may read the key at ${file}. Run: chmod 600 ${file}`;
    return { outcome: 'unusable', message };
  }
  try {
    const key = createPrivateKey(readFileSync(file));
    if (key.asymmetricKeyType === 'ed25519') return { outcome: 'read', signer: { name: origin, key } };
  } catch {
    // Said below, without what the file holds.
  }
  return { outcome: 'unusable', message: `The file ${file} holds no Ed25519 key in PKCS #8.` };
}

/** Makes a key that only the owner of the process may read. Throws when the file is there already. */
export function writeLogKey(file: string): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  // The umask may have left less than this, and never more.
  chmodSync(file, 0o600);
}

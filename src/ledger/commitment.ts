import { createHash } from 'node:crypto';
import { drawBytes } from '#src/secrets/random-bytes.ts';

/** A value as JSON, with a salt of 16 random bytes. It is stored encrypted; `commitmentOf` it may be known to everyone. */
export function saltedJson(value: object): string {
  return JSON.stringify({ salt: drawBytes(16).toString('base64url'), ...value });
}

/** SHA-256 over evidence with its salt, hex. Without the salt nobody can guess values and compare. */
export function commitmentOf(salted: string): string {
  return createHash('sha256').update(salted).digest('hex');
}

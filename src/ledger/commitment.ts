import { createHash } from 'node:crypto';

/** SHA-256 over evidence with its salt, hex. Without the salt nobody can guess values and compare. */
export function commitmentOf(salted: string): string {
  return createHash('sha256').update(salted).digest('hex');
}

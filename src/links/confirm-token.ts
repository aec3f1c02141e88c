import { createHash } from 'node:crypto';
import { type Keys, mac } from '#src/secrets/keys.ts';

/**
 * The secret in a confirmation link: 256 bits, derived and never stored.
 *
 * The mail worker derives it again whenever it sends, so a restart needs no stored secret,
 * and a stolen database confirms nothing: the row keeps only the SHA-256.
 */
export function confirmToken(keys: Keys, signupId: string, generation: number): string {
  return mac(keys.confirmToken, signupId, String(generation)).toString('base64url');
}

/** What the database keeps of a token, hex. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The short way in the same mail: six digits, worth something only together with the handle of the signup. */
export function confirmCode(keys: Keys, signupId: string, generation: number): string {
  const number = mac(keys.confirmCode, signupId, String(generation)).readUInt32BE(0) % 1_000_000;
  return String(number).padStart(6, '0');
}

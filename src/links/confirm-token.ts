import { createHash } from 'node:crypto';
import { type Keys, mac } from '#src/secrets/keys.ts';

/**
 * The secret in a confirmation link: 256 bits, derived from a key whenever the mail is sent. The database stores only
 * its SHA-256, so a stolen database cannot confirm anything.
 */
export function confirmToken(keys: Keys, signupId: string, generation: number): string {
  return mac(keys.confirmToken, signupId, String(generation)).toString('base64url');
}

/** The hash that the database stores, in hex. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The six-digit code in the same mail. Valid only together with the handle of the signup. */
export function confirmCode(keys: Keys, signupId: string, generation: number): string {
  const number = mac(keys.confirmCode, signupId, String(generation)).readUInt32BE(0) % 1_000_000;
  return String(number).padStart(6, '0');
}

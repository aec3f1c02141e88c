import { type Keys, mac } from '#src/secrets/keys.ts';

/** The secret of an invitation or password reset. Derived from a key; the database stores only its hash. */
export function staffToken(keys: Keys, tokenId: string): string {
  return mac(keys.confirmToken, 'staff', tokenId).toString('base64url');
}

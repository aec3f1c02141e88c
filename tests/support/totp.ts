import { Secret, TOTP } from 'otpauth';

/** What the authenticator app of somebody who knows the secret shows at that time (RFC 6238). */
export function codeAt(base32: string, at: Date): string {
  const totp = new TOTP({ secret: Secret.fromBase32(base32), digits: 6, period: 30, algorithm: 'SHA1' });
  return totp.generate({ timestamp: at.getTime() });
}

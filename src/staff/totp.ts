import { Secret, TOTP } from 'otpauth';

/** Time-based one-time passwords (RFC 6238), as every authenticator app makes them. */
export interface TotpSecret {
  base32: string;
  /** For the QR code. */
  uri: string;
}

export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

export function totpSecret(base32: string, label: string): TotpSecret {
  return { base32, uri: totpOf(base32, label).toString() };
}

/** The time step that the code belongs to; one of thirty seconds early or late is forgiven. */
export function stepOfCode(base32: string, code: string, at: Date): number | undefined {
  const timestamp = at.getTime();
  const delta = totpOf(base32).validate({ token: code, timestamp, window: 1 });
  return delta === null ? undefined : Math.floor(timestamp / 30_000) + delta;
}

function totpOf(base32: string, label = ''): TOTP {
  const secret = Secret.fromBase32(base32);
  return new TOTP({ issuer: 'Jawort', label, secret, digits: 6, period: 30, algorithm: 'SHA1' });
}

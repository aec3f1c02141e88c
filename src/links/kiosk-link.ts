import { timingSafeEqual } from 'node:crypto';
import { type Keys, mac } from '#src/secrets/keys.ts';

const idLength = 16;
const signatureLength = 16;

/** The signed id by which a kiosk device identifies itself. Not stored. */
export function kioskPass(keys: Keys, kioskId: string): string {
  return signed(keys, Buffer.from(kioskId.replaceAll('-', ''), 'hex')).toString('base64url');
}

/** The kiosk id; `undefined` if this instance did not sign the pass. Does not check whether the kiosk is open. */
export function readKioskPass(keys: Keys, pass: string): string | undefined {
  if (!/^[\w-]{43}$/.test(pass)) return undefined;
  const bytes = Buffer.from(pass, 'base64url');
  const id = bytes.subarray(0, idLength);
  if (bytes.toString('base64url') !== pass || !timingSafeEqual(signed(keys, id), bytes)) return undefined;
  return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function signed(keys: Keys, id: Buffer): Buffer {
  return Buffer.concat([id, mac(keys.kiosk, id.toString('hex')).subarray(0, signatureLength)]);
}

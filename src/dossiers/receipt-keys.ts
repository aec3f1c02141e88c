import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** The pair of Ed25519 keys that this instance signs receipts with. `publicKey`: DER (SPKI) as base64. */
export function receiptKeys(seed: KeyObject): { privateKey: KeyObject; publicKey: string } {
  // Node reads the 32 bytes of the key in the PKCS #8 frame of RFC 8410.
  const frame = Buffer.from('302e020100300506032b657004220420', 'hex');
  const der = Buffer.concat([frame, seed.export()]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { privateKey, publicKey: spki.toString('base64') };
}

import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomBytes,
  randomFillSync,
} from 'node:crypto';
import type { Keys } from '#src/keys.ts';

/**
 * AES-256-GCM with a key per person, itself wrapped by APP_SECRET: who destroys the wrapped key has erased
 * the person from every table and every backup at once.
 */
export function newPersonKey(keys: Keys): { key: KeyObject; wrapped: string } {
  const raw = randomBytes(32);
  return { key: createSecretKey(raw), wrapped: seal(keys.wrapping, raw).toString('base64url') };
}

/** Throws when APP_SECRET is not the one the key was wrapped with. */
export function unwrapPersonKey(keys: Keys, wrapped: string): KeyObject {
  return createSecretKey(open(keys.wrapping, Buffer.from(wrapped, 'base64url')));
}

export function encryptText(key: KeyObject, text: string): string {
  return seal(key, Buffer.from(text, 'utf8')).toString('base64url');
}

export function decryptText(key: KeyObject, sealed: string): string {
  return open(key, Buffer.from(sealed, 'base64url')).toString('utf8');
}

export function encryptJson(key: KeyObject, value: unknown): string {
  return encryptText(key, JSON.stringify(value));
}

export function decryptJson<T>(key: KeyObject, sealed: string): T {
  return JSON.parse(decryptText(key, sealed)) as T;
}

const nonceLength = 12;
const tagLength = 16;

/** Drawn in advance: asking for twelve random bytes takes as long as encrypting with them. */
const nonces = Buffer.alloc(nonceLength * 256);
let drawn = nonces.length;

function freshNonce(): Buffer {
  if (drawn === nonces.length) {
    randomFillSync(nonces);
    drawn = 0;
  }
  drawn += nonceLength;
  return Buffer.from(nonces.subarray(drawn - nonceLength, drawn));
}

function seal(key: KeyObject, plain: Buffer): Buffer {
  const nonce = freshNonce();
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(key: KeyObject, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceLength), {
    authTagLength: tagLength,
  });
  decipher.setAuthTag(sealed.subarray(sealed.length - tagLength));
  return Buffer.concat([
    decipher.update(sealed.subarray(nonceLength, sealed.length - tagLength)),
    decipher.final(),
  ]);
}

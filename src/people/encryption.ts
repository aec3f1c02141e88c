import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import type { Keys } from '#src/secrets/keys.ts';
import { drawBytes } from '#src/secrets/random-bytes.ts';

/**
 * AES-256-GCM with one key per person, wrapped by APP_SECRET. Destroying the wrapped key erases the person from every
 * table and every backup at once.
 */
export function newPersonKey(keys: Keys): { key: KeyObject; wrapped: string } {
  const raw = drawBytes(32);
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

function seal(key: KeyObject, plain: Buffer): Buffer {
  const nonce = drawBytes(nonceLength);
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

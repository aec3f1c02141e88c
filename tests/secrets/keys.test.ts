import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveKeys, mac, macText } from '#src/secrets/keys.ts';

const texts = fc.array(fc.string({ unit: 'binary', maxLength: 1200 }), { minLength: 1, maxLength: 3 });

describe('macText', () => {
  it('is HMAC-SHA-256', () => {
    const key = createSecretKey(Buffer.alloc(20, 0x0b));
    const usual = createHmac('sha256', key).update('8:Hi There').digest('base64url');
    expect(macText(key, 'base64url', 'Hi There')).toBe(usual);
  });

  it('is what mac is, of any text and with any key', () => {
    fc.assert(
      fc.property(fc.string(), texts, (secret, parts) => {
        const { lookup } = deriveKeys(secret);
        expect(macText(lookup, 'base64url', ...parts)).toBe(mac(lookup, ...parts).toString('base64url'));
        expect(Buffer.from(macText(lookup, 'binary', ...parts), 'binary')).toEqual(mac(lookup, ...parts));
      }),
    );
  });

  it('tells parts apart', () => {
    const { lookup } = deriveKeys('a secret');
    expect(macText(lookup, 'base64url', 'ab', 'c')).not.toBe(macText(lookup, 'base64url', 'a', 'bc'));
  });
});

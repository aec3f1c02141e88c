import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '#src/ids/new-id.ts';
import { confirmCode, confirmToken, tokenHash } from '#src/links/confirm-token.ts';
import { manageLink, programManageLink, readSignedLink, unsubscribeLink } from '#src/links/signed-link.ts';
import { deriveKeys } from '#src/secrets/keys.ts';

const keys = deriveKeys('a secret of forty characters for our tests');
const others = deriveKeys('another secret of forty characters, surely');
const oldLink = 'AWroURABmk0uXwB6vI3vASNFZ4mrAAAAAxky2kboF2czO4nfBXR3Ah0';
const at = new Date('2026-11-02T09:00:00.000Z');

describe('signed links', () => {
  it('say for whom and for what they are', () => {
    const [person, purpose] = [newId(), newId()];
    expect(readSignedLink(keys, manageLink(keys, person, 3, at))).toEqual({
      use: 'manage',
      contactPointId: person,
      generation: 3,
      mailedAt: at.toISOString(),
    });
    expect(readSignedLink(keys, programManageLink(keys, person, 3))).toEqual({
      use: 'manage',
      contactPointId: person,
      generation: 3,
      mailedAt: null,
    });
    expect(readSignedLink(keys, unsubscribeLink(keys, person, 0, purpose))).toEqual({
      use: 'unsubscribe',
      contactPointId: person,
      generation: 0,
      purposeId: purpose,
    });
    expect(readSignedLink(keys, unsubscribeLink(keys, person, 0))).toMatchObject({ purposeId: null });
  });

  it('of the time when mails and programs got the same kind are read as those of a program', () => {
    // Made by that release from the same secret, for this address, generation 3, at 2026-11-02T09:00:00Z.
    expect(readSignedLink(keys, oldLink)).toEqual({
      use: 'manage',
      contactPointId: '019a4d2e-5f00-7abc-8def-0123456789ab',
      generation: 3,
      mailedAt: null,
    });
  });

  it('are worth nothing with any bit changed, cut, doubled or signed by someone else', () => {
    const link = manageLink(keys, newId(), 0, at);
    expect(readSignedLink(others, link)).toBeUndefined();
    expect(readSignedLink(keys, link.slice(0, -1))).toBeUndefined();
    expect(readSignedLink(keys, `${link}A`)).toBeUndefined();
    const bytes = Buffer.from(link, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(readSignedLink(keys, changed.toString('base64url'))).toBeUndefined();
    }
  });

  it('never throw on what is typed into the address bar', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readSignedLink(keys, text)).toBeUndefined();
      }),
    );
  });
});

describe('confirmation tokens', () => {
  it('have 256 bits, differ by signup, mail and secret, and come out the same every time', () => {
    const id = newId();
    const token = confirmToken(keys, id, 1);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(confirmToken(keys, id, 1)).toBe(token);
    const different = [
      confirmToken(keys, id, 2),
      confirmToken(keys, newId(), 1),
      confirmToken(others, id, 1),
    ];
    expect(new Set([token, ...different]).size).toBe(4);
    expect(tokenHash(token)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('come with six digits that are spread over all of them', () => {
    const codes = Array.from({ length: 2_000 }, () => confirmCode(keys, newId(), 1));
    expect(codes.every((code) => /^\d{6}$/.test(code))).toBe(true);
    expect(new Set(codes.map((code) => code[0])).size).toBe(10);
    expect(new Set(codes).size).toBeGreaterThan(1_980);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '#src/ids/new-id.ts';
import { manageLink, readSignedLink } from '#src/links/signed-link.ts';
import { deriveKeys } from '#src/secrets/keys.ts';
import { readSentHandle, sentHandle } from '#src/signups/sent-handle.ts';

const keys = deriveKeys('a secret of forty characters for our tests');
const others = deriveKeys('another secret of forty characters, surely');
const sent = { signupId: newId(), address: 'alice@example.org', expiresAt: '2026-11-05T09:00:00.000Z' };

describe('handles of the sent page', () => {
  it('keep what was sent, and show nothing of it', () => {
    const handle = sentHandle(keys, sent);
    expect(readSentHandle(keys, handle)).toEqual(sent);
    const bytes = Buffer.from(handle, 'base64url').toString('latin1');
    expect(bytes).not.toContain('alice');
    expect(bytes).not.toContain(sent.signupId);
  });

  it('never come out the same, so that two signups that became one do not show', () => {
    expect(sentHandle(keys, sent)).not.toBe(sentHandle(keys, sent));
  });

  it('are worth nothing with any bit changed, made by someone else, or for another use', () => {
    const handle = sentHandle(keys, sent);
    expect(readSentHandle(others, handle)).toBeUndefined();
    expect(readSentHandle(keys, `${handle}A`)).toBeUndefined();
    const bytes = Buffer.from(handle, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(readSentHandle(keys, changed.toString('base64url'))).toBeUndefined();
    }
    expect(readSignedLink(keys, handle)).toBeUndefined();
    expect(readSentHandle(keys, manageLink(keys, newId(), 0, new Date(0)))).toBeUndefined();
  });

  it('never throw on what is typed into the address bar', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readSentHandle(keys, text)).toBeUndefined();
      }),
    );
  });
});

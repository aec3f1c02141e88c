import { blockOf, sha256Of } from './sha256.ts';

/** A proof-of-work challenge (ALTCHA, SHA-256, one round). */
export interface Work {
  nonce: string;
  salt: string;
  keyPrefix: string;
}

/** Finds the counter whose hash, after salt and nonce, starts with `keyPrefix`. */
export function findCounter({ nonce, salt, keyPrefix }: Work, most = 2 ** 24): Solution | undefined {
  const before = bytesOf(salt + nonce);
  const bytes = new Uint8Array(before.length + 4);
  bytes.set(before);
  const block = blockOf(bytes);
  const at = before.length / 4;
  const wanted = keyPrefix.toLowerCase();
  const first = Number.parseInt(wanted.slice(0, 8), 16);
  for (let counter = 0; counter < most; counter += 1) {
    block[at] = counter;
    const hash = sha256Of(block);
    if (hash[0] !== first) continue;
    const derivedKey = hexOf(hash);
    if (derivedKey.startsWith(wanted)) return { counter, derivedKey };
  }
  return undefined;
}

export interface Solution {
  counter: number;
  derivedKey: string;
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function hexOf(words: Uint32Array): string {
  return [...words].map((word) => word.toString(16).padStart(8, '0')).join('');
}

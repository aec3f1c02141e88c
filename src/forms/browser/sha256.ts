/**
 * SHA-256 of a single block. The browser's own function is asynchronous, which costs more time than the hashing, and it
 * is available with HTTPS only.
 */
export function sha256Of(block: Uint32Array): Uint32Array {
  const w = schedule;
  for (let i = 0; i < 16; i += 1) w[i] = block[i] as number;
  for (let i = 16; i < 64; i += 1) {
    const a = w[i - 15] as number;
    const b = w[i - 2] as number;
    const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
    w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = eight;
  for (let i = 0; i < 64; i += 1) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const one = (h + s1 + ((e & f) ^ (~e & g)) + (rounds[i] as number) + (w[i] as number)) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  const end = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < 8; i += 1) result[i] = (end[i] as number) + (eight[i] as number);
  return result;
}

/** A padded block with these bytes, as 32-bit words. */
export function blockOf(bytes: Uint8Array): Uint32Array {
  const padded = new Uint8Array(64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(60, bytes.length * 8);
  return Uint32Array.from({ length: 16 }, (_, i) => view.getUint32(i * 4));
}

type Eight = [number, number, number, number, number, number, number, number];

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

const schedule = new Int32Array(64);
const result = new Uint32Array(8);
const primes = firstPrimes(64);
// The constants are the fractional parts of roots of primes.
const rounds = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
const eight = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)) | 0) as Eight;

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32);
}

function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let number = 2; found.length < count; number += 1) {
    if (found.every((prime) => number % prime !== 0)) found.push(number);
  }
  return found;
}

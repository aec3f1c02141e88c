import { v5, v7 } from 'uuid';
import { drawBytes } from '#src/secrets/random-bytes.ts';

let msecs = 0;
let seq = 0;

/**
 * A new id: UUIDv7, so that rows lie in the order in which they came, also within a millisecond (RFC 9562, 6.2,
 * method 1). The library would do the same, and ask the system for sixteen random bytes each time.
 */
export function newId(): string {
  const now = Date.now();
  const random = drawBytes(16);
  if (now > msecs) {
    msecs = now;
    // Half of the numbers are left to count up from here.
    seq = random.readUInt32BE(6) >>> 1;
  } else {
    seq = (seq + 1) >>> 0;
    if (seq === 0) msecs += 1;
  }
  return v7({ random, msecs, seq });
}

/** The id of what one thing means for another, always the same: UUIDv5 (RFC 9562, 5.5). */
export function idOfBoth(id: string, other: string): string {
  return v5(other, id);
}

const prefixes = {
  event: 'evt',
  permission: 'per',
  text: 'txt',
  form: 'frm',
  signup: 'sig',
  contactPoint: 'cpt',
  suppression: 'sup',
  webhook: 'whk',
  delivery: 'msg',
  import: 'imp',
} as const;

/** The id as the outside sees it, e.g. `per_0197…`. */
export function publicId(of: keyof typeof prefixes, id: string): string {
  return `${prefixes[of]}_${id}`;
}

/** The id behind a public one; `undefined` for what is none of this kind. */
export function ownId(of: keyof typeof prefixes, id: string | undefined): string | undefined {
  const [prefix, own] = id?.split('_') ?? [];
  return prefix === prefixes[of] && /^[0-9a-f-]{36}$/.test(own ?? '') ? own : undefined;
}

import { createHash } from 'node:crypto';

/**
 * The wording as it is stored, hashed and shown: NFC, single spaces, no spaces at the ends.
 *
 * Pages print this string unchanged, in one element. The HTML compressor would change spaces in wording that is
 * assembled from markup, and the evidence would no longer match the page.
 */
export function canonicalWording(wording: string): string {
  return wording.normalize('NFC').replace(WHITE_SPACE, ' ').replace(/^ | $/g, '');
}

/** SHA-256 of the canonical wording as UTF-8, in hex. Spacing and composition do not change it, letters do. */
export function wordingHash(wording: string): string {
  return createHash('sha256').update(canonicalWording(wording), 'utf8').digest('hex');
}

// Not \s, which also matches U+FEFF: an invisible character would become a visible space.
const WHITE_SPACE = /\p{White_Space}+/gu;

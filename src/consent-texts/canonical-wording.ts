import { createHash } from 'node:crypto';

/**
 * The wording as it is stored, hashed and shown: NFC, single spaces, no spaces at the ends.
 *
 * Pages print this string as it stands, in one element. Wording assembled from markup would be
 * reflowed by the HTML compressor, and the evidence would no longer match what was on screen.
 */
export function canonicalWording(wording: string): string {
  return wording.normalize('NFC').replace(WHITE_SPACE, ' ').replace(/^ | $/g, '');
}

/** SHA-256 of the canonical wording as UTF-8, in hex. Spacing and composition do not change it, letters do. */
export function wordingHash(wording: string): string {
  return createHash('sha256').update(canonicalWording(wording), 'utf8').digest('hex');
}

// Not \s: that would also turn U+FEFF, which is invisible and no space, into a visible one.
const WHITE_SPACE = /\p{White_Space}+/gu;

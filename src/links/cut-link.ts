/**
 * The secret at the end of a link, without what mail programs or people append: punctuation, brackets, spaces,
 * parameters. `-` and `_` are valid in base64url, so they are cut only beyond the length of a secret.
 */
export function cutLink(text: string): string {
  const [secret = ''] = /^[\w-]*/.exec(text) ?? [];
  const length = lengths.find((length) => length < secret.length && /^[-_]+$/.test(secret.slice(length)));
  return lengths.includes(secret.length) || length === undefined ? secret : secret.slice(0, length);
}

// Lengths of base64url: signed links with their 16-byte signature, and tokens of 32 bytes. Longest first, because a long
// secret starts like a short one.
const lengths = [71, 55, 50, 43];

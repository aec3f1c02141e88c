/**
 * The secret at the end of a link, without what a mail program or a person put behind it: punctuation, brackets, blanks,
 * parameters. Those are no characters of base64url. `-` and `_` are, so they are cut only beyond the length of a secret.
 */
export function cutLink(text: string): string {
  const [secret = ''] = /^[\w-]*/.exec(text) ?? [];
  const length = lengths.find((length) => length < secret.length && /^[-_]+$/.test(secret.slice(length)));
  return lengths.includes(secret.length) || length === undefined ? secret : secret.slice(0, length);
}

// base64url of 32 bytes (tokens), and of the signed links of `signed-link.ts` with their 16 bytes of signature. The longest
// first: what follows a shorter one may be a longer one.
const lengths = [71, 55, 50, 43];

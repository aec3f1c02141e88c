/**
 * Whether a secret of 32 characters or more looks as if a person had made it up: a few characters, a pattern, a row of
 * the alphabet or the keyboard, or the placeholder of a guide. A random one of any alphabet passes.
 */
export function isWeakSecret(secret: string): boolean {
  const characters = [...secret];
  if (new Set(characters).size < minimumDistinct) return true;
  if (placeholders.test(secret)) return true;
  // What repeats itself has few different pieces, however long it is.
  const pieces = new Set(characters.slice(2).map((_, index) => secret.slice(index, index + 3)));
  if (pieces.size < minimumPieces) return true;
  const rows = characters.slice(1).filter((character, index) => isNeighbour(secret[index] ?? '', character));
  return rows.length > characters.length / 2;
}

/** 32 random hexadecimal digits have 14 on average; fewer than 8 in one of ten million. */
const minimumDistinct = 8;
const minimumPieces = 22;

const placeholders =
  /change.?(?:me|this|it)|replace.?(?:me|this)|place.?holder|your.?(?:app.?)?secret|insert.?(?:your|here)|(?:very|super|top).?secret|correct.?horse|lorem.?ipsum/i;

/** The same, or the next on either side in the alphabet, among the digits or on a keyboard. */
function isNeighbour(one: string, other: string): boolean {
  return neighbours.some((row) => {
    const [a, b] = [row.indexOf(one.toLowerCase()), row.indexOf(other.toLowerCase())];
    return a >= 0 && b >= 0 && Math.abs(a - b) <= 1;
  });
}

const neighbours = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'qwertzuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
];

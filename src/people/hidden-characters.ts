/**
 * Finds characters that are not visible text: line breaks allow mail header injection, direction marks and zero-width
 * characters make two different addresses look alike.
 */
export function unreadableFault(text: string): 'control_characters' | 'hidden_characters' | undefined {
  if (/^[ -~]*$/.test(text)) return undefined;
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) return 'control_characters';
  if (/[\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(text)) return 'hidden_characters';
  return undefined;
}

/** Lone surrogates, private-use and unassigned characters, which no address contains. */
export function hasNonCharacters(text: string): boolean {
  return /[\p{Cs}\p{Co}\p{Cn}]/u.test(text);
}

export function trimSpaces(text: string): string {
  return text.replace(/^\p{Zs}+|\p{Zs}+$/gu, '');
}

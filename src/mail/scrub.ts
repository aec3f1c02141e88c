const longest = 300;

/** Removes addresses, links, subjects and codes from a provider's message, for the log and the database. */
export function scrub(words: string, subject = ''): string {
  const plain = subject === '' ? words : words.replaceAll(subject, '(subject)');
  return plain
    .replace(/https?:\/\/\S+/gi, '(link)')
    .replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;]+/g, '(address)')
    .replace(/[\w-]{40,}/g, '(…)')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, longest);
}

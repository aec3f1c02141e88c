/** Looking for what must not be there, among ids, hashes and times in which any few digits may come up. */

/**
 * Whether a text holds a secret. Six digits lie in the ids and hashes of a whole database once in some thousand times; a
 * code that leaked stands by itself.
 */
export function holdsSecret(text: string, secret: string): boolean {
  if (!/^\d{1,8}$/.test(secret)) return text.includes(secret);
  return new RegExp(`(?<![\\w-])${secret}(?![\\w-])`).test(text.replaceAll('\\n', '\n'));
}

/** The rows as text, without their ids. */
export function withoutIds(rows: unknown): string {
  return JSON.stringify(rows).replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'id');
}

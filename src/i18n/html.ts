/** Markup that is safe to print as it stands, told apart from plain text by its type. */
export interface Html {
  markup: string;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

import { shownHtml } from '#src/forms/shown-html.ts';
import { escapeHtml } from '#src/i18n/html.ts';
import type { FormCopy } from './sheet.ts';

/**
 * The frozen page of a form with the entries of one person put in: a look-alike. Nothing is changed but the entries; the
 * frozen page itself stays as it is stored.
 */
export function filledHtml({ html, definition, locale, ticked, typed }: FormCopy): string {
  const page = html ?? shownHtml(definition, locale);
  // Our own markup: a value in it never holds a `>`.
  return page.replace(/<input\b[^>]*>/g, (input) => {
    const name = attributeOf(input, 'name');
    if (attributeOf(input, 'type') === 'checkbox') {
      const isTicked = name === 'consent' && ticked.includes(attributeOf(input, 'value'));
      return input.replace(/>$/, isTicked ? ' checked inert>' : ' inert>');
    }
    const value = typed[name];
    return value ? input.replace(/>$/, ` value="${escapeHtml(value)}" readonly>`) : input;
  });
}

function attributeOf(tag: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
}

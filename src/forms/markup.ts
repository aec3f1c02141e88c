import { escapeHtml } from '#src/i18n/html.ts';
import type { Translate } from '#src/i18n/translate.ts';

export function errorHtml(t: Translate, id: string, message: string): string {
  return `<p class="error" id="${id}"><b>${escapeHtml(t('error.label'))}</b> ${escapeHtml(message)}</p>`;
}

export function tag(name: string, attributes: Record<string, string | boolean | undefined>): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([key, value]) => (value === true ? ` ${key}` : ` ${key}="${escapeHtml(String(value))}"`));
  return `<${name}${written.join('')}>`;
}

export function lines(...parts: (string | false | undefined)[]): string {
  return parts.filter(Boolean).join('\n');
}

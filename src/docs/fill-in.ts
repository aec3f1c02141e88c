import { loaderVersion } from '#src/embed/snippets.ts';
import { escapeHtml } from '#src/i18n/html.ts';

/** What stands in the Markdown for the instance that serves it. */
const example = {
  origin: 'https://consent.example.org',
  integrity: 'sha384-INTEGRITY',
  version: 'v=VERSION',
};

/** A guide as HTML with the address and the loader of this instance, so that its snippets can be copied as they are. */
export function fillIn(html: string, instance: { baseUrl: string; integrity: string }): string {
  return html
    .replaceAll(example.origin, () => escapeHtml(instance.baseUrl))
    .replaceAll(example.integrity, () => escapeHtml(instance.integrity))
    .replaceAll(example.version, () => `v=${loaderVersion(instance.integrity)}`);
}

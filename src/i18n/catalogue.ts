import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Locale } from '#db/schema/vocabulary.ts';

interface Messages {
  [name: string]: string | Messages;
}

/**
 * All messages of one language by their dotted key, from the files in its folder. A message that has others
 * below it keeps its own text under `_`: `field.email` is `field.email._`.
 */
export function readCatalogue(locale: Locale): Map<string, string> {
  const catalogue = new Map<string, string>();
  const folder = fileURLToPath(new URL(locale, import.meta.url));
  for (const file of globSync('**/*.json', { cwd: folder, exclude: ['locale.json'] })) {
    addMessages(catalogue, '', JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')));
  }
  return catalogue;
}

function addMessages(catalogue: Map<string, string>, prefix: string, messages: Messages): void {
  for (const [name, message] of Object.entries(messages)) {
    const key = name === '_' ? prefix : prefix + (prefix && '.') + name;
    if (typeof message === 'object') addMessages(catalogue, key, message);
    else catalogue.set(key, message);
  }
}

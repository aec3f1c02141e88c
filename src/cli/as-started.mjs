import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * The flags and variables that a script of package.json gives to Node for this file.
 *
 * @param {string} script
 * @param {string} file
 * @returns {{ flags: string[], variables: Record<string, string> }}
 */
export function asStarted(script, file) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  /** @type {string[]} */
  const words = scripts[script].split('&&').at(-1).trim().split(/\s+/);
  const node = words.findIndex((word) => word.endsWith('/bin/node'));
  const variables = words.slice(0, node).filter((word) => word.includes('='));
  return {
    flags: words.slice(node + 1, words.indexOf(file)),
    variables: Object.fromEntries(variables.map((word) => word.split('=', 2))),
  };
}

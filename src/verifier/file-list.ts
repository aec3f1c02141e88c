/** The file `SHA256SUMS`, which `sha256sum --check` reads as well. */
import { hex, sha256, textOf, utf8 } from './bytes.ts';
import type { Check } from './verdict.ts';

export type Files = Map<string, Uint8Array>;

export const listName = 'SHA256SUMS';
export const leavesName = 'leaves.json';

/** The hash of each file, hex, by its name; `undefined` when a line is none of such a list. */
export function readList(text: string): Map<string, string> | undefined {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length === 0) return undefined;
  const entries = lines.map((line) => /^([0-9a-f]{64}) {2}(\S+)$/.exec(line));
  if (entries.some((entry) => entry === null)) return undefined;
  const list = new Map(entries.map((entry): [string, string] => [entry?.[2] ?? '', entry?.[1] ?? '']));
  return list.size === lines.length ? list : undefined;
}

export async function checkFiles(files: Files): Promise<{ list: Map<string, string>; checks: Check[] }> {
  const bytes = files.get(listName);
  if (!bytes) return { list: new Map(), checks: [{ code: 'file_missing', ok: false, about: listName }] };
  const list = readList(textOf(bytes) ?? '');
  if (!list) return { list: new Map(), checks: [{ code: 'list_unreadable', ok: false, about: listName }] };
  const checks: Check[] = [];
  for (const [name, hash] of list) {
    const file = files.get(name);
    const ok = file !== undefined && hex(await sha256(file)) === hash;
    checks.push({ code: file ? 'file' : 'file_missing', ok, about: name });
    // The log knows every line of the list but this one, so it can't tell which of the two was changed.
    if (name === leavesName && !ok) checks.push({ code: 'list_or_leaves', ok, about: listName });
  }
  for (const name of files.keys()) {
    if (!list.has(name) && name !== listName && !isOfSystem(name))
      checks.push({ code: 'file_unlisted', ok: false, about: name });
  }
  return { list, checks };
}

/** What operating systems leave in a folder by themselves. */
function isOfSystem(name: string): boolean {
  return /(^|\/)(\..*|Thumbs\.db|desktop\.ini)$|^__MACOSX\//.test(name);
}

/**
 * The hash that the log knows a dossier by: over its list of files, without the line of the proofs, which are made after it.
 */
export async function hashOfList(list: Map<string, string>): Promise<string> {
  const lines = [...list].filter(([name]) => name !== leavesName).map(([name, hash]) => `${hash}  ${name}\n`);
  return hex(await sha256(utf8(lines.join(''))));
}

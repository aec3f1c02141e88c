/** The Markdown of src/docs, as the tests read it. */
import { globSync, readFileSync } from 'node:fs';

export interface Guide {
  /** Below src/docs, e.g. `errors.md`. */
  path: string;
  text: string;
}

/** A piece of code in a guide: three backticks, its language, and how it is tested. */
export interface Snippet {
  path: string;
  line: number;
  language: string;
  kind: string;
  code: string;
}

export const guides: Guide[] = globSync('src/docs/**/*.md')
  .toSorted()
  .map((path) => ({ path: path.slice('src/docs/'.length), text: readFileSync(path, 'utf8') }));

export function guide(path: string): Guide {
  const found = guides.find((one) => one.path === path);
  if (!found) throw new Error(`There is no guide ${path}.`);
  return found;
}

export function snippetsIn({ path, text }: Guide): Snippet[] {
  return [...text.matchAll(/^```(\S*) ?(.*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', kind = '', code = ''], index, all) => ({
      path,
      line: text.slice(0, all[index]?.index).split('\n').length,
      language,
      kind,
      code,
    }),
  );
}

export function snippetsOfKind(path: string, kind: string): Snippet[] {
  return snippetsIn(guide(path)).filter((one) => one.kind === kind);
}

/** The first cells of all rows of the tables under a heading, without their backticks. */
export function firstCells(path: string, heading?: string): string[] {
  const { text } = guide(path);
  const start = heading === undefined ? 0 : text.indexOf(`## ${heading}\n`);
  if (start < 0) throw new Error(`${path} has no heading ${heading}.`);
  const end = heading === undefined ? -1 : text.indexOf('\n## ', start + 1);
  const part = text.slice(start, end < 0 ? undefined : end);
  return [...part.matchAll(/^\| `((?:[^`])+)` \|/gm)].map(([, cell = '']) => cell.replaceAll('\\|', '|'));
}

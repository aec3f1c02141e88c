import { createReadStream, existsSync } from 'node:fs';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { App } from '#src/app/app.ts';
import type { ContactQuestion } from '#src/decisions/decide-contacts.ts';
import { findPurpose } from '#src/decisions/purpose.ts';
import { firstLineOf, type Scrubbed, type ScrubKind, scrub } from '#src/decisions/scrub/scrub.ts';
import { TableFault } from '#src/decisions/scrub/table-format.ts';
import { isFileProblem } from './problems.ts';
import { progressBar } from './progress-bar.ts';
import { readQuestion } from './question.ts';
import { withApp } from './with-app.ts';

const usage =
  'Usage: scrub IN OUT --purpose KEY --channel email|sms|phone|fax|post [--audience business] ' +
  '[--jurisdiction DE|AT|CH] [--json]';

export async function scrubCommand(args: string[]): Promise<number> {
  const asked = readQuestion(args, usage);
  const [input, output, ...more] = asked?.names ?? [];
  if (!asked || !input || !output || more.length > 0) {
    if (asked) console.error(usage);
    return 2;
  }
  if (!existsSync(input)) {
    console.error(`The file ${input} is not there.`);
    return 2;
  }
  return withApp(async (app) => {
    if (!(await findPurpose(app.db, asked.question.purpose))) {
      console.error(`There is no purpose "${asked.question.purpose}".`);
      return 2;
    }
    try {
      const done = await scrubFile(app, asked.question, input, output);
      tell(done, asked.json);
      return 0;
    } catch (error) {
      if (error instanceof TableFault) {
        console.error(`${input}: ${error.message}`);
        return 2;
      }
      if (!isFileProblem(error)) throw error;
      console.error(
        `${input} to ${output}: ${error.message}.\nWhat was answered so far is kept. The same command goes on from there.`,
      );
      return 1;
    }
  });
}

/** How far a run came. Kept beside the output until it is whole, so that the same command goes on from there. */
interface Progress {
  /** The same file, asked about the same: anything else starts anew. */
  of: string;
  readTo: number;
  written: number;
  rows: number;
  reasons: Record<string, number>;
  firstLine: string;
}

/** Answers the file, or the rest of it where an earlier run of the same stopped. */
export async function scrubFile(
  app: App,
  question: ContactQuestion,
  input: string,
  output: string,
): Promise<Progress> {
  const kind: ScrubKind = /\.(ndjson|jsonl)$/i.test(input) ? 'ndjson' : 'csv';
  const { size, mtimeMs } = await stat(input);
  const part = `${output}.part`;
  const of = JSON.stringify([input, size, mtimeMs, question]);
  const before = await readProgress(part, of);
  const firstLine = before?.firstLine ?? (kind === 'csv' ? await firstLineOf(createReadStream(input)) : '');
  const progress: Progress = before ?? { of, readTo: 0, written: 0, rows: 0, reasons: {}, firstLine };
  const file = await open(part, before ? 'a' : 'w');
  const show = progressBar(size, progress.readTo);

  async function keep({ bytes, readTo, rows, reasons }: Scrubbed): Promise<void> {
    // On a disk that is nearly full a single write may stop short without an error; this one does not.
    await file.appendFile(bytes);
    progress.written += bytes.length;
    progress.readTo = readTo;
    progress.rows += rows;
    for (const [reason, count] of reasons) {
      progress.reasons[reason] = (progress.reasons[reason] ?? 0) + count;
    }
    // The first text is the head alone; a run that stops there had better start anew.
    if (rows > 0) await keepProgress(`${part}.json`, progress);
    show(progress.readTo, progress.rows);
  }

  try {
    await file.truncate(progress.written);
    const source = createReadStream(input, { start: progress.readTo, highWaterMark: 1024 * 1024 });
    const resumed = before && { readTo: before.readTo, firstLine };
    // While one piece is written the next is decided.
    let written = Promise.resolve();
    for await (const piece of scrub(app, question, kind, source, { resumed })) {
      await written;
      written = keep(piece);
      // Awaited above or below; until then its failing is nobody's surprise.
      written.catch(() => undefined);
    }
    await written;
    await file.sync();
  } finally {
    await file.close();
  }
  show(size, progress.rows, true);
  await rename(part, output);
  await rm(`${part}.json`, { force: true });
  return progress;
}

/** Either the old or the new state is there, however the process ends. */
async function keepProgress(path: string, progress: Progress): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(progress));
  await rename(`${path}.new`, path);
}

/** Nothing when what was written then is not there any more, all of it. */
async function readProgress(part: string, of: string): Promise<Progress | undefined> {
  try {
    const progress = JSON.parse(await readFile(`${part}.json`, 'utf8')) as Progress;
    const { size } = await stat(part);
    return progress.of === of && size >= progress.written ? progress : undefined;
  } catch {
    return undefined;
  }
}

function tell({ rows, reasons }: Progress, json: boolean): void {
  const sorted = Object.entries(reasons).sort(([, a], [, b]) => b - a);
  if (json) {
    console.log(JSON.stringify({ rows, reasons: Object.fromEntries(sorted) }));
    return;
  }
  console.log(`${rows} rows`);
  for (const [reason, count] of sorted) {
    console.log(
      `${String(count).padStart(10)}  ${((count / rows) * 100).toFixed(1).padStart(5)} %  ${reason}`,
    );
  }
}

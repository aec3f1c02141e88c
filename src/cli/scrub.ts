import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { App } from '#src/app/app.ts';
import type { ContactQuestion } from '#src/decisions/decide-contacts.ts';
import { type FileRecord, openFileRecord } from '#src/decisions/kept/file-record.ts';
import { findDecisionPurpose } from '#src/decisions/purpose.ts';
import type { AnsweredPiece } from '#src/decisions/scrub/answer-lines.ts';
import { firstLineOf, type ScrubKind } from '#src/decisions/scrub/open-table.ts';
import { scrub } from '#src/decisions/scrub/scrub.ts';
import { TableFault } from '#src/decisions/scrub/table-format.ts';
import { isFileProblem } from './problems.ts';
import { progressBar } from './progress-bar.ts';
import { inputAndOutput, readQuestion } from './question.ts';
import { withApp } from './with-app.ts';

export async function scrubCommand(args: string[]): Promise<number> {
  const { question, positionals, json } = readQuestion(args);
  const [input, output] = inputAndOutput(positionals);
  return withApp(async (app) => {
    if (!(await findDecisionPurpose(app.db, question.purpose))) {
      console.error(`There is no purpose "${question.purpose}".`);
      return 2;
    }
    try {
      showCounts(await scrubFile(app, question, input, output), json);
      return 0;
    } catch (error) {
      if (error instanceof TableFault) {
        console.error(`${input}: ${error.message}`);
        return 2;
      }
      if (!isFileProblem(error)) throw error;
      console.error(
        `${input} to ${output}: ${error.message}.\nThe answers so far are kept. The same command continues from there.`,
      );
      return 1;
    }
  });
}

/** How far a run came. It is kept beside the output until that is complete, so the same command can continue. */
interface Progress {
  /** The input file and the question. With another one the run starts from the beginning. */
  of: string;
  readTo: number;
  written: number;
  rows: number;
  reasons: Record<string, number>;
  firstLine: string;
}

/** Answers the file, or the rest of it when an earlier run of the same question stopped. */
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
  const record = openFileRecord(app, 'command line', question);
  if (before) await readAgain(record, input, part, before);

  async function append(piece: AnsweredPiece): Promise<void> {
    const { bytes, readTo, rows, reasons } = piece;
    record.output(piece);
    // Unlike `write`, `appendFile` never writes only a part without an error when the disk is nearly full.
    await file.appendFile(bytes);
    progress.written += bytes.length;
    progress.readTo = readTo;
    progress.rows += rows;
    for (const [reason, count] of reasons) {
      progress.reasons[reason] = (progress.reasons[reason] ?? 0) + count;
    }
    // The first piece is the header alone; a run that stops there starts from the beginning.
    if (rows > 0) await saveProgress(`${part}.json`, progress);
    show(progress.readTo, progress.rows);
  }

  // The next piece is decided while this one is written.
  let written = Promise.resolve();
  try {
    await file.truncate(progress.written);
    const source = createReadStream(input, { start: progress.readTo, highWaterMark: 1024 * 1024 });
    const resumed = before && { readTo: before.readTo, firstLine };
    for await (const piece of scrub(app, question, kind, seenBy(record, source), { resumed })) {
      await written;
      written = append(piece);
      // It is awaited above or below. Until then a rejection must not count as unhandled.
      written.catch(() => undefined);
    }
    await written;
    await file.sync();
  } finally {
    // When deciding fails, a piece may still be on its way into the file.
    await written.catch(() => undefined);
    await file.close();
  }
  show(size, progress.rows, true);
  record.end(true);
  await rename(part, output);
  await rm(`${part}.json`, { force: true });
  return progress;
}

/** What an earlier run had read and written counts for the record of the file. */
async function readAgain(record: FileRecord, input: string, part: string, before: Progress): Promise<void> {
  if (before.readTo > 0) {
    for await (const bytes of createReadStream(input, { end: before.readTo - 1 })) record.input(bytes);
  }
  if (before.written > 0) {
    const none = { rows: 0, reasons: new Map() };
    for await (const bytes of createReadStream(part, { end: before.written - 1 }))
      record.output({ bytes, ...none });
  }
  const reasons = new Map(Object.entries(before.reasons));
  record.output({ bytes: new Uint8Array(), rows: before.rows, reasons });
}

async function* seenBy(record: FileRecord, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    record.input(bytes);
    yield bytes;
  }
}

/** The rename is atomic: whenever the process ends, either the old or the new state is there. */
async function saveProgress(path: string, progress: Progress): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(progress));
  await rename(`${path}.new`, path);
}

/** `undefined` when the output of then is not there any more, or not all of it. */
async function readProgress(part: string, of: string): Promise<Progress | undefined> {
  try {
    const progress = JSON.parse(await readFile(`${part}.json`, 'utf8')) as Progress;
    const { size } = await stat(part);
    return progress.of === of && size >= progress.written ? progress : undefined;
  } catch {
    return undefined;
  }
}

function showCounts({ rows, reasons }: Progress, json: boolean): void {
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

import type { App } from '#src/app/app.ts';
import type { ContactQuestion } from '../decide-contacts.ts';
import { type AnsweredPiece, answerLines, type Part } from './answer-lines.ts';
import type { Block } from './blocks.ts';
import { type DecidedLines, decideLines } from './decide-lines.ts';
import { openTable, type Resumed, type ScrubKind } from './open-table.ts';
import type { TableFormat } from './table-format.ts';

/** How much is in memory at once. */
export interface Pace {
  mostRows: number;
  mostBatches: number;
}

/** For a process of its own: the more keys one query looks up, the fewer pages are read for each. */
const fast: Pace = { mostRows: 32_000, mostBatches: 3 };

/** The first batch is small, so that the first answers come soon. */
const firstRows = 3000;

/**
 * Decides every line of a file of any size, some thousand lines at a time: memory does not grow with the file. The next
 * batches are looked up while one is written.
 */
export async function* scrub(
  app: App,
  question: Omit<ContactQuestion, 'at'>,
  kind: ScrubKind,
  source: AsyncIterable<Uint8Array>,
  { resumed, pace = fast }: { resumed?: Resumed; pace?: Pace } = {},
): AsyncGenerator<AnsweredPiece> {
  const { format, blocks, head } = await openTable(kind, source, resumed);
  if (head) yield { bytes: Buffer.from(head), readTo: resumed?.readTo ?? 0, rows: 0, reasons: new Map() };
  const pending: Promise<{ parts: Part[]; decided: DecidedLines }>[] = [];
  for await (const parts of batchesOf(blocks, format, pace.mostRows)) {
    const next = decideLines(app, question, contactPointsIn(parts)).then((decided) => ({ parts, decided }));
    // It is awaited below, in its turn. Until then its failure must not end the process.
    next.catch(() => undefined);
    pending.push(next);
    if (pending.length >= pace.mostBatches) yield* answersOf(app, pending.shift());
  }
  for (const batch of pending) yield* answersOf(app, batch);
}

async function* answersOf(
  app: App,
  batch: Promise<{ parts: Part[]; decided: DecidedLines }> | undefined,
): AsyncGenerator<AnsweredPiece> {
  const done = await batch;
  if (done) yield* answerLines(app, done.parts, done.decided);
}

/** Whole blocks, so that each batch ends at a position where a later run can resume. */
async function* batchesOf(
  blocks: AsyncIterable<Block>,
  format: TableFormat,
  mostRows: number,
): AsyncGenerator<Part[]> {
  let batch: Part[] = [];
  let rows = 0;
  let batchRows = Math.min(firstRows, mostRows);
  for await (const { fault, bytes, readTo } of blocks) {
    const lines = fault ? format.unreadable(fault) : format.read(bytes);
    batch.push({ lines, readTo });
    rows += lines.count;
    if (rows < batchRows) continue;
    yield batch;
    batch = [];
    rows = 0;
    batchRows = Math.min(batchRows * 2, mostRows);
  }
  if (batch.length > 0) yield batch;
}

/** A line that cannot be read has no contact point. */
function* contactPointsIn(parts: Part[]): Generator<string> {
  for (const { lines } of parts) {
    for (let index = 0; index < lines.count; index++) {
      yield lines.fault(index) === undefined ? lines.contactPoint(index) : '';
    }
  }
}

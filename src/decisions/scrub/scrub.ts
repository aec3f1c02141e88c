import { isUtf8 } from 'node:buffer';
import type { App } from '#src/app/app.ts';
import type { ContactQuestion } from '../decide-contacts.ts';
import { sendingLinks } from '../sending-links.ts';
import { type Block, blocksOf } from './blocks.ts';
import { csvFormat } from './csv-format.ts';
import { type DecidedLines, decideLines } from './decide-lines.ts';
import { ndjsonFormat } from './ndjson-format.ts';
import { type Lines, TableFault, type TableFormat } from './table-format.ts';

export type ScrubKind = 'csv' | 'ndjson';

/** The answers to some more lines. */
export interface Scrubbed {
  bytes: Buffer;
  /** How much of the input is answered by all that was given so far, in bytes. */
  readTo: number;
  rows: number;
  reasons: Map<string, number>;
}

/** Where an earlier run stopped: the input starts there, and this was its first line. */
export interface Resumed {
  readTo: number;
  firstLine: string;
}

/** How much is under way at once, which is what a scrub has in memory. */
export interface Pace {
  mostRows: number;
  mostBatches: number;
}

/** For a process that does nothing else: the more keys are looked up at once, the fewer pages are read for each. */
const fast: Pace = { mostRows: 32_000, mostBatches: 3 };

/**
 * Decides every line of a file of any size, some thousand at a time: what is in memory does not grow with it.
 * While one batch is written the next ones are looked up.
 */
export async function* scrub(
  app: App,
  question: Omit<ContactQuestion, 'at'>,
  kind: ScrubKind,
  source: AsyncIterable<Uint8Array>,
  { resumed, pace = fast }: { resumed?: Resumed; pace?: Pace } = {},
): AsyncGenerator<Scrubbed> {
  const { format, blocks, head } = await opened(kind, source, resumed);
  if (head) yield { bytes: Buffer.from(head), readTo: resumed?.readTo ?? 0, rows: 0, reasons: new Map() };
  const underWay: Promise<LookedUp>[] = [];
  for await (const batch of batchesOf(blocks, format, pace.mostRows)) {
    const next = lookedUp(app, question, batch);
    // Awaited below, in its turn; until then its failing is nobody's surprise.
    next.catch(() => undefined);
    underWay.push(next);
    if (underWay.length < pace.mostBatches) continue;
    yield* answersTo(app, await (underWay.shift() as Promise<LookedUp>));
  }
  for (const one of underWay) yield* answersTo(app, await one);
}

/** The first line says how a CSV file is written. */
export async function firstLineOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  let start: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    start = Buffer.concat([start, chunk]);
    if (start.includes(0x0a) || start.length > longestHead) break;
  }
  return headOf(start).line;
}

const longestHead = 64 * 1024;
/** Small at first, so that a short file is answered in parts too and a long one without delay. */
const firstRows = 3000;

async function opened(kind: ScrubKind, source: AsyncIterable<Uint8Array>, resumed: Resumed | undefined) {
  const start = resumed?.readTo ?? 0;
  if (kind === 'ndjson') {
    const format = ndjsonFormat;
    return { format, blocks: blocksOf(withoutMark(source), format.endOfLast, start), head: '' };
  }
  if (resumed) {
    const format = csvFormat(resumed.firstLine);
    return { format, blocks: blocksOf(source, format.endOfLast, start), head: '' };
  }
  const reader = source[Symbol.asyncIterator]();
  let first: Buffer = Buffer.alloc(0);
  while (!first.includes(0x0a) && first.length <= longestHead) {
    const { value, done } = await reader.next();
    if (done) break;
    first = Buffer.concat([first, value]);
  }
  const { line, length } = headOf(first);
  const format = csvFormat(line);
  const blocks = blocksOf(rest(first.subarray(length), reader), format.endOfLast, length);
  return { format, blocks, head: format.head };
}

function headOf(start: Buffer): { line: string; length: number } {
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)) {
    throw new TableFault('not_utf8', 'The file is UTF-16. Save it as UTF-8.');
  }
  const end = start.indexOf(0x0a);
  if (end < 0 && start.length > longestHead) {
    throw new TableFault('too_long', 'The first line never ends.');
  }
  const length = end < 0 ? start.length : end + 1;
  const bytes = start.subarray(0, length);
  if (!isUtf8(bytes))
    throw new TableFault('not_utf8', 'The first line is not UTF-8. Save the file as UTF-8.');
  const line = bytes.toString('utf8').replace(/^\uFEFF/, '');
  return { line: line.replace(/[\r\n]+$/, ''), length };
}

async function* rest(start: Buffer, reader: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (start.length > 0) yield start;
  for (let read = await reader.next(); !read.done; read = await reader.next()) yield read.value;
}

async function* withoutMark(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const chunk of source) {
    const marked = first && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
    // Blanks in its place: what was read is counted in bytes.
    if (marked) yield Buffer.concat([Buffer.from('   '), chunk.subarray(3)]);
    else yield chunk;
    first = false;
  }
}

/** Lines with where the input can be taken up again after them. */
interface Part {
  lines: Lines;
  readTo: number;
}

/** Whole blocks, so that each batch ends where the input can be taken up again. */
async function* batchesOf(
  blocks: AsyncIterable<Block>,
  format: TableFormat,
  mostRows: number,
): AsyncGenerator<Part[]> {
  let batch: Part[] = [];
  let rows = 0;
  let rowsAtOnce = Math.min(firstRows, mostRows);
  for await (const { fault, bytes, readTo } of blocks) {
    const lines = fault ? format.unreadable(fault) : format.read(bytes);
    batch.push({ lines, readTo });
    rows += lines.count;
    if (rows < rowsAtOnce) continue;
    yield batch;
    batch = [];
    rows = 0;
    rowsAtOnce = Math.min(rowsAtOnce * 2, mostRows);
  }
  if (batch.length > 0) yield batch;
}

interface LookedUp extends DecidedLines {
  parts: Part[];
}

async function lookedUp(app: App, question: Omit<ContactQuestion, 'at'>, parts: Part[]): Promise<LookedUp> {
  return { parts, ...(await decideLines(app, question, askedIn(parts))) };
}

/** A line that could not be read asks about nothing. */
function* askedIn(parts: Part[]): Generator<string> {
  for (const { lines } of parts) {
    for (let index = 0; index < lines.count; index++) {
      yield lines.fault(index) === undefined ? lines.contactPoint(index) : '';
    }
  }
}

/** Some thousand lines at a time: more are looked up at once than anyone wants to have in memory with their answers. */
function* answersTo(app: App, { parts, purposeId, decideAt }: LookedUp): Generator<Scrubbed> {
  const count = parts.reduce((sum, { lines }) => sum + lines.count, 0);
  let asked = 0;
  let piece = emptyPiece(count);
  for (const { lines, readTo } of parts) {
    let text = '';
    for (let index = 0; index < lines.count; index++) {
      const { decision, contactPoint } = decideAt(asked);
      asked += 1;
      piece.reasons.set(decision.reason, (piece.reasons.get(decision.reason) ?? 0) + 1);
      const links = sendingLinks(app, decision.allowed, contactPoint, purposeId);
      text += lines.answered(index, { decision, links });
      if (text.length < textLength) continue;
      piece.out.add(text);
      text = '';
    }
    piece.out.add(text);
    piece.rows += lines.count;
    piece.readTo = readTo;
    if (piece.rows < rowsOfPiece) continue;
    yield scrubbed(piece);
    piece = emptyPiece(count - asked);
  }
  if (piece.readTo > 0) yield scrubbed(piece);
}

interface Piece extends Omit<Scrubbed, 'bytes'> {
  out: GrowingBuffer;
}

function emptyPiece(rowsLeft: number): Piece {
  const room = Math.min(rowsLeft, rowsOfPiece) * usualLength;
  return { out: growingBuffer(room), readTo: 0, rows: 0, reasons: new Map() };
}

function scrubbed({ out, ...piece }: Piece): Scrubbed {
  return { ...piece, bytes: out.bytes() };
}

const rowsOfPiece = 8000;

/** Texts that are kept until a piece is done cost more to collect as garbage than to turn into bytes at once. */
const textLength = 16 * 1024;

/** Of an answered line, links included. Room that is not written to costs nothing. */
const usualLength = 512;

interface GrowingBuffer {
  add(text: string): void;
  bytes(): Buffer;
}

function growingBuffer(size: number): GrowingBuffer {
  let room = Buffer.allocUnsafe(size);
  let length = 0;
  return {
    add(text) {
      // No character takes more than three bytes for each of its units.
      if (room.length - length < text.length * 3) {
        const wider = Buffer.allocUnsafe(room.length * 2 + text.length * 3);
        room.copy(wider, 0, 0, length);
        room = wider;
      }
      length += room.write(text, length);
    },
    bytes: () => room.subarray(0, length),
  };
}

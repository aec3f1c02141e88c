import type { App } from '#src/app.ts';
import { type ContactDecision, type ContactQuestion, decidingContacts } from '../decide-contacts.ts';
import { sendingLinks } from '../sending-links.ts';
import { type Block, blocksOf } from './blocks.ts';
import { csvFormat } from './csv-format.ts';
import { ndjsonFormat } from './ndjson-format.ts';
import { type AskedRow, type RowAnswer, TableFault, type TableFormat } from './table-format.ts';

export type ScrubKind = 'csv' | 'ndjson';

/** The answers to some more lines. */
export interface Scrubbed {
  text: string;
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

/**
 * Decides every line of a file of any size, a few thousand at a time: what is in memory does not grow with it.
 * While one batch is written the next is looked up.
 */
export async function* scrub(
  app: App,
  question: ContactQuestion,
  kind: ScrubKind,
  source: AsyncIterable<Uint8Array>,
  resumed?: Resumed,
): AsyncGenerator<Scrubbed> {
  const { format, blocks, head } = await opened(kind, source, resumed);
  if (head) yield { text: head, readTo: resumed?.readTo ?? 0, rows: 0, reasons: new Map() };
  let next: Promise<Scrubbed> | undefined;
  for await (const batch of batchesOf(blocks, format)) {
    const before = next;
    next = answered(app, question, format, batch);
    // Awaited below, in its turn; until then its failing is nobody's surprise.
    next.catch(() => undefined);
    if (before) yield await before;
  }
  if (next) yield await next;
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
/** Enough that a look-up is worth its while; a block has some thousand lines already. */
const rowsAtOnce = 3000;

type AnyFormat = TableFormat<never>;

async function opened(kind: ScrubKind, source: AsyncIterable<Uint8Array>, resumed: Resumed | undefined) {
  const start = resumed?.readTo ?? 0;
  if (kind === 'ndjson') {
    const format = ndjsonFormat as unknown as AnyFormat;
    return { format, blocks: blocksOf(withoutMark(source), format.endOfLast, start), head: '' };
  }
  if (resumed) {
    const format = csvFormat(resumed.firstLine) as unknown as AnyFormat;
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
  const format = csvFormat(line) as unknown as AnyFormat;
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
  return {
    line: start
      .subarray(0, length)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trimEnd(),
    length,
  };
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

interface Batch {
  rows: AskedRow<never>[];
  readTo: number;
}

/** Whole blocks, so that each batch ends where the input can be taken up again. */
async function* batchesOf(blocks: AsyncIterable<Block>, format: AnyFormat): AsyncGenerator<Batch> {
  let rows: AskedRow<never>[] = [];
  let readTo = 0;
  for await (const block of blocks) {
    const more = block.fault ? [format.unreadable(block.fault)] : format.read(block.bytes);
    rows = rows.length === 0 ? more : [...rows, ...more];
    readTo = block.readTo;
    if (rows.length < rowsAtOnce) continue;
    yield { rows, readTo };
    rows = [];
  }
  if (rows.length > 0) yield { rows, readTo };
}

async function answered(
  app: App,
  question: ContactQuestion,
  format: AnyFormat,
  { rows, readTo }: Batch,
): Promise<Scrubbed> {
  const decideAt = await decidingContacts(
    app,
    app.db,
    question,
    rows.map(({ contactPoint, fault }) => (fault ? '' : contactPoint)),
  );
  const reasons = new Map<string, number>();
  const now = app.now();
  let text = '';
  for (const [index, row] of rows.entries()) {
    const one = decideAt(index);
    const { reason } = one.decision;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    text += format.write(row, answerTo(app, row, one, now));
  }
  return { text, readTo, rows: rows.length, reasons };
}

const noLinks = {
  preferences_url: null,
  unsubscribe_url: null,
  list_unsubscribe: null,
  list_unsubscribe_post: null,
};

/** Links only where a message may go out. */
function answerTo(app: App, { fault }: AskedRow<never>, one: ContactDecision, now: Date): RowAnswer {
  const { allowed, reason, law, valid_until } = one.decision;
  const links = allowed ? sendingLinks(app, one, now) : noLinks;
  return { allowed, reason, law, valid_until, ...links, row_error: fault ?? null };
}

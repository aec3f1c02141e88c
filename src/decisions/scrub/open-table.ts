import { isUtf8 } from 'node:buffer';
import { type Block, blocksOf } from './blocks.ts';
import { csvFormat } from './csv-format.ts';
import { ndjsonFormat } from './ndjson-format.ts';
import { TableFault, type TableFormat } from './table-format.ts';

export type ScrubKind = 'csv' | 'ndjson';

/** Where an earlier run stopped: the source starts there, and this was the first line of the file. */
export interface Resumed {
  readTo: number;
  firstLine: string;
}

export interface OpenedTable {
  format: TableFormat;
  blocks: AsyncIterable<Block>;
  /** What the answer begins with. Empty when resumed. */
  head: string;
}

/** Throws a TableFault when the file is no table of contact points. */
export async function openTable(
  kind: ScrubKind,
  source: AsyncIterable<Uint8Array>,
  resumed: Resumed | undefined,
): Promise<OpenedTable> {
  const start = resumed?.readTo ?? 0;
  if (kind === 'ndjson') {
    const format = ndjsonFormat;
    return { format, blocks: blocksOf(withoutByteOrderMark(source), format.endOfLast, start), head: '' };
  }
  if (resumed) {
    const format = csvFormat(resumed.firstLine);
    return { format, blocks: blocksOf(source, format.endOfLast, start), head: '' };
  }
  const reader = source[Symbol.asyncIterator]();
  let first: Buffer = Buffer.alloc(0);
  while (!first.includes(newline) && first.length <= longestHead) {
    const { value, done } = await reader.next();
    if (done) break;
    first = Buffer.concat([first, value]);
  }
  const { line, length } = headOf(first);
  const format = csvFormat(line);
  const blocks = blocksOf(rest(first.subarray(length), reader), format.endOfLast, length);
  return { format, blocks, head: format.head };
}

/** The first line says how a CSV file is written. */
export async function firstLineOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  let start: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    start = Buffer.concat([start, chunk]);
    if (start.includes(newline) || start.length > longestHead) break;
  }
  return headOf(start).line;
}

const newline = 0x0a;
const longestHead = 64 * 1024;

function headOf(start: Buffer): { line: string; length: number } {
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)) {
    throw new TableFault('not_utf8', 'The file is UTF-16. Save it as UTF-8.');
  }
  const end = start.indexOf(newline);
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

async function* withoutByteOrderMark(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const chunk of source) {
    const hasMark = isFirst && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
    // Replaced by blanks, because positions in the file are counted in bytes.
    yield hasMark ? Buffer.concat([Buffer.from('   '), chunk.subarray(3)]) : chunk;
    isFirst = false;
  }
}

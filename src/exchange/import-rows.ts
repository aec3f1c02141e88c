import { isUtf8 } from 'node:buffer';
import Papa from 'papaparse';
import { blocksOf } from '#src/decisions/scrub/blocks.ts';
import { endOfLastRecord, splitRecords } from '#src/decisions/scrub/csv-records.ts';
import { type PlanFault, type PlanFaultCode, planColumns } from './import-columns.ts';
import type { ImportRow } from './import-row.ts';
import type { Mapping } from './mapping.ts';
import { settleRepeats } from './settle-repeats.ts';

export type ReadRows = { ok: false; fault: PlanFault } | { ok: true; ignored: string[]; rows: ImportRow[] };

export const mostImported = 100_000;

/** The lines of a CSV file. It is read in blocks, so requests are answered in between. */
export async function readRows(file: Uint8Array, mapping?: Mapping): Promise<ReadRows> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const end = bytes.indexOf(0x0a) < 0 ? bytes.length : bytes.indexOf(0x0a) + 1;
  const head = bytes.subarray(0, Math.min(end, longestHead));
  if (head[0] === 0xff || head[0] === 0xfe || !isUtf8(head)) {
    return failed('not_utf8', 'The file is not UTF-8. Save it as “CSV UTF-8”.');
  }
  const firstLine = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimEnd();
  const delimiter = delimiterOf(firstLine);
  const columns = cellsOf(firstLine, delimiter)[0] ?? [];
  const plan = planColumns(columns, mapping);
  if ('code' in plan) return { ok: false, fault: plan };
  const make: MakeRow = (line, cells, fault) => {
    const wrong = fault ?? faultOfCells(cells, columns.length);
    return wrong ? { line, values: {}, fault: wrong } : { line, ...plan.read(cells) };
  };
  const rows: ImportRow[] = [];
  for await (const some of rowsIn(bytes.subarray(end), delimiter, make)) {
    rows.push(...some);
    if (rows.length > mostImported)
      return failed('too_many_rows', `A file may have ${mostImported} lines at most. Split it.`);
  }
  if (rows.length === 0) return failed('no_rows', 'The file has no line below the names of its columns.');
  const open = plan.open();
  return open ? { ok: false, fault: open } : { ok: true, ignored: plan.ignored, rows: settleRepeats(rows) };
}

/** The cells of a file whose columns are not matched yet. Lines that can't be read are skipped. */
export function csvRows(file: Uint8Array): { columns: string[]; rows: AsyncIterable<string[]> } {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const end = bytes.indexOf(0x0a) < 0 ? bytes.length : bytes.indexOf(0x0a) + 1;
  const columns = columnsOf(file);
  const delimiter = delimiterOf(headOf(bytes));
  async function* rows() {
    const found: string[][] = [];
    const make: MakeRow = (line, cells, fault) => {
      if (!fault) found.push(cells);
      return { line, values: {} };
    };
    for await (const _ of rowsIn(bytes.subarray(end), delimiter, make)) yield* found.splice(0);
  }
  return { columns, rows: rows() };
}

/** The column names in the first line. */
export function columnsOf(file: Uint8Array): string[] {
  const line = headOf(file);
  return (cellsOf(line, delimiterOf(line))[0] ?? []).map((name) => name.trim());
}

function headOf(file: Uint8Array): string {
  const [head = ''] = Buffer.from(file.subarray(0, longestHead))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split('\n', 1);
  return head.trimEnd();
}

const longestHead = 64 * 1024;

function failed(code: PlanFaultCode, message: string): { ok: false; fault: PlanFault } {
  return { ok: false, fault: { code, message } };
}

function delimiterOf(firstLine: string): string {
  const counts = [',', ';', '\t', '|'].map((delimiter) => ({
    delimiter,
    cells: cellsOf(firstLine, delimiter)[0]?.length ?? 0,
  }));
  return counts.sort((a, b) => b.cells - a.cells)[0]?.delimiter ?? ',';
}

function cellsOf(text: string, delimiter: string): string[][] {
  return Papa.parse<string[]>(text, { delimiter, skipEmptyLines: true }).data;
}

type MakeRow = (line: number, cells: string[], fault?: string) => ImportRow;

async function* rowsIn(bytes: Buffer, delimiter: string, make: MakeRow): AsyncGenerator<ImportRow[]> {
  const code = delimiter.charCodeAt(0);
  let line = 2;
  for await (const block of blocksOf(piecesOf(bytes), (some) => endOfLastRecord(some, code))) {
    if (block.fault) {
      yield [
        make(
          line,
          [],
          block.fault === 'too_long' ? 'The line is too long.' : 'A quotation mark is never closed.',
        ),
      ];
      line += 1;
      continue;
    }
    const records = splitRecords(block.bytes, code);
    const length = records.reduce((sum, record) => sum + record.length, 0);
    const rows: ImportRow[] = [];
    for (const record of [...records, block.bytes.subarray(length)]) {
      const row = readRecord(record, delimiter, line, make);
      if (row) rows.push(row);
      line += newlinesIn(record);
    }
    yield rows;
  }
}

function readRecord(record: Buffer, delimiter: string, line: number, make: MakeRow): ImportRow | undefined {
  if (!isUtf8(record)) return make(line, [], 'The line is not UTF-8.');
  const text = record.toString('utf8').replace(/(\r\n|\n|\r)$/, '');
  if (text.trim() === '') return undefined;
  const { data, errors } = Papa.parse<string[]>(text, { delimiter });
  return make(
    line,
    data[0] ?? [],
    errors.length > 0 || data.length > 1 ? 'The quotation marks do not match.' : undefined,
  );
}

/** Lets the event loop turn between the chunks. */
async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += pieceSize) {
    await new Promise((resolve) => setImmediate(resolve));
    yield bytes.subarray(start, start + pieceSize);
  }
}

const pieceSize = 128 * 1024;

function newlinesIn(record: Buffer): number {
  let count = 0;
  for (let at = record.indexOf(0x0a); at >= 0; at = record.indexOf(0x0a, at + 1)) count++;
  return count;
}

function faultOfCells(cells: string[], columns: number): string | undefined {
  if (cells.length > columns) return 'The line has more cells than there are columns.';
  return cells.length < columns ? 'The line has fewer cells than there are columns.' : undefined;
}

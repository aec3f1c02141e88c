import { isUtf8 } from 'node:buffer';
import { answerCells } from './csv-answer.ts';
import { csvCell } from './csv-cell.ts';
import { parseCsv, readHead } from './csv-head.ts';
import { endOfLastRecord, splitRecords } from './csv-records.ts';
import { plainLines } from './plain-lines.ts';
import { answerColumns, type LineAnswer, linesOf, type ReadLine, type TableFormat } from './table-format.ts';

/** The format of a CSV file with this first line. Throws a TableFault when the file is no table of contact points. */
export function csvFormat(firstLine: string): TableFormat {
  const { delimiter, names, contactPointColumn, passedColumns } = readHead(firstLine);
  const cell = csvCell(delimiter);
  const code = delimiter.charCodeAt(0);
  const answerText = answerCells(delimiter, cell);
  const plain = plainLines(delimiter, contactPointColumn, names.length, answerText);
  const keepsAllColumns = passedColumns.length === names.length;

  function lineOf(cells: string[], fault = faultOf(cells, names.length)): ReadLine<string[]> {
    return { contactPoint: cells[contactPointColumn] ?? '', passed: cells, fault };
  }

  /** One broken line would break its neighbours too, so each is read by itself. */
  function readEach(bytes: Buffer): ReadLine<string[]>[] {
    const records = splitRecords(bytes, code);
    const length = records.reduce((sum, record) => sum + record.length, 0);
    return [...records, bytes.subarray(length)].flatMap((record) => {
      const { rows, broken } = parseCsv(record.toString('utf8'), delimiter);
      if (broken || rows.length > 1) return [lineOf(rows[0] ?? [], 'malformed_quotes')];
      const fault = isUtf8(record) ? undefined : 'not_utf8';
      return rows.map((cells) => lineOf(cells, fault));
    });
  }

  function answered({ passed, fault }: ReadLine<string[]>, answer: LineAnswer): string {
    let text = '';
    for (const index of passedColumns) text += cell(passed[index] ?? '') + delimiter;
    return text + answerText(answer, fault);
  }

  return {
    head: `${[...passedColumns.map((index) => cell(names[index] ?? '')), ...answerColumns].join(delimiter)}\r\n`,
    endOfLast: (bytes) => endOfLastRecord(bytes, code),
    unreadable: (fault) => linesOf([lineOf([], fault)], answered),
    read(bytes) {
      if (!isUtf8(bytes)) return linesOf(readEach(bytes), answered);
      const text = bytes.toString('utf8');
      const lines = keepsAllColumns ? plain(text) : undefined;
      if (lines) return lines;
      const { rows, broken } = parseCsv(text, delimiter);
      return linesOf(broken ? readEach(bytes) : rows.map((cells) => lineOf(cells)), answered);
    },
  };
}

function faultOf(cells: string[], columns: number): string | undefined {
  if (cells.length > columns) return 'too_many_cells';
  return cells.length < columns ? 'too_few_cells' : undefined;
}

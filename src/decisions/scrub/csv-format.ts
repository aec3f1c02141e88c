import { isUtf8 } from 'node:buffer';
import Papa from 'papaparse';
import { csvCell } from './csv-cell.ts';
import { endOfLastRecord, splitRecords } from './csv-records.ts';
import {
  type AskedRow,
  answerColumns,
  type RowAnswer,
  TableFault,
  type TableFormat,
} from './table-format.ts';

/** The format of a CSV file with this first line. Throws a TableFault when it is no table of contact points. */
export function csvFormat(firstLine: string): TableFormat<string[]> {
  const delimiter = delimiterOf(firstLine);
  const names = (parse(firstLine, delimiter).rows[0] ?? []).map((name) => name.trim());
  const asked = names.indexOf('contact_point');
  if (asked < 0) {
    throw new TableFault('no_contact_point', 'The first line names no column contact_point.');
  }
  if (names.lastIndexOf('contact_point') !== asked) {
    throw new TableFault('duplicate_column', 'The first line names the column contact_point twice.');
  }
  // Columns of an earlier answer are replaced by those of this one.
  const kept = names.flatMap((name, index) => (answerColumns.some((own) => own === name) ? [] : [index]));
  const cell = csvCell(delimiter);
  const line = (cells: string[]) => `${cells.join(delimiter)}\r\n`;
  const code = delimiter.charCodeAt(0);

  function rowOf(cells: string[], fault?: string): AskedRow<string[]> {
    const wrong = fault ?? faultOf(cells, names.length);
    return { contactPoint: cells[asked] ?? '', passed: cells, fault: wrong };
  }

  return {
    head: line([...kept.map((index) => cell(names[index] ?? '')), ...answerColumns]),
    endOfLast: (bytes) => endOfLastRecord(bytes, code),
    unreadable: (fault) => ({ contactPoint: '', passed: [], fault }),
    read(bytes) {
      const wellEncoded = isUtf8(bytes);
      const whole = parse(bytes.toString('utf8'), delimiter);
      if (wellEncoded && !whole.broken) return whole.rows.map((cells) => rowOf(cells));
      // One broken line would take its neighbours with it: read each by itself.
      const records = splitRecords(bytes, code);
      const length = records.reduce((sum, record) => sum + record.length, 0);
      return [...records, bytes.subarray(length)].flatMap((record) => {
        const one = parse(record.toString('utf8'), delimiter);
        if (one.broken || one.rows.length > 1) return [rowOf(one.rows[0] ?? [], 'malformed_quotes')];
        const fault = wellEncoded || isUtf8(record) ? undefined : 'not_utf8';
        return one.rows.map((cells) => rowOf(cells, fault));
      });
    },
    write(row, answer) {
      let text = '';
      for (const index of kept) text += cell(row.passed[index] ?? '') + delimiter;
      return text + line(ownCells(answer).map(cell));
    },
  };
}

function ownCells(answer: RowAnswer): string[] {
  return [
    answer.allowed ? 'true' : 'false',
    answer.reason,
    answer.law.join('; '),
    answer.valid_until ?? '',
    answer.preferences_url ?? '',
    answer.unsubscribe_url ?? '',
    answer.list_unsubscribe ?? '',
    answer.list_unsubscribe_post ?? '',
    answer.row_error ?? '',
  ];
}

function parse(text: string, delimiter: string): { rows: string[][]; broken: boolean } {
  const lines = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
  const { data, errors } = Papa.parse<string[]>(lines, { delimiter, newline: '\n', skipEmptyLines: true });
  return { rows: data, broken: errors.length > 0 };
}

function delimiterOf(firstLine: string): string {
  const candidates = [',', ';', '\t', '|'].map((delimiter) => ({
    delimiter,
    cells: parse(firstLine, delimiter).rows[0] ?? [],
  }));
  const fitting = candidates.filter(({ cells }) => cells.some((name) => name.trim() === 'contact_point'));
  return fitting.sort((a, b) => b.cells.length - a.cells.length)[0]?.delimiter ?? ',';
}

function faultOf(cells: string[], columns: number): string | undefined {
  if (cells.length > columns) return 'too_many_cells';
  return cells.length < columns ? 'too_few_cells' : undefined;
}

import Papa from 'papaparse';
import { answerColumns, TableFault } from './table-format.ts';

export interface CsvHead {
  delimiter: string;
  names: string[];
  contactPointColumn: number;
  /** All columns but those of an earlier answer, which are replaced. */
  passedColumns: number[];
}

/** Throws a TableFault when the first line is not that of a table of contact points. */
export function readHead(firstLine: string): CsvHead {
  const delimiter = delimiterOf(firstLine);
  const { rows, broken } = parseCsv(firstLine, delimiter);
  const names = (rows[0] ?? []).map((name) => name.trim());
  const contactPointColumn = names.indexOf('contact_point');
  if (contactPointColumn < 0) {
    throw new TableFault('no_contact_point', 'The first line names no column contact_point.');
  }
  if (names.lastIndexOf('contact_point') !== contactPointColumn) {
    throw new TableFault('duplicate_column', 'The first line names the column contact_point twice.');
  }
  if (broken || firstLine.includes('\r')) {
    const message = 'The first line cannot be read: a quote in it is not closed, or lines end with CR alone.';
    throw new TableFault('malformed_head', message);
  }
  const passedColumns = names.flatMap((name, index) =>
    answerColumns.some((own) => own === name) ? [] : [index],
  );
  return { delimiter, names, contactPointColumn, passedColumns };
}

export function parseCsv(text: string, delimiter: string): { rows: string[][]; broken: boolean } {
  const lines = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
  const { data, errors } = Papa.parse<string[]>(lines, { delimiter, newline: '\n', skipEmptyLines: true });
  return { rows: data, broken: errors.length > 0 };
}

function delimiterOf(firstLine: string): string {
  const candidates = [',', ';', '\t', '|'].map((delimiter) => ({
    delimiter,
    cells: parseCsv(firstLine, delimiter).rows[0] ?? [],
  }));
  const fitting = candidates.filter(({ cells }) => cells.some((name) => name.trim() === 'contact_point'));
  return fitting.sort((a, b) => b.cells.length - a.cells.length)[0]?.delimiter ?? ',';
}

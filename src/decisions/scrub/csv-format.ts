import { isUtf8 } from 'node:buffer';
import Papa from 'papaparse';
import type { SendingLinks } from '../sending-links.ts';
import { csvCell } from './csv-cell.ts';
import { endOfLastRecord, splitRecords } from './csv-records.ts';
import type { LineDecision } from './decide-lines.ts';
import { plainLines } from './plain-lines.ts';
import {
  answerColumns,
  type LineAnswer,
  linesOf,
  type ReadLine,
  TableFault,
  type TableFormat,
} from './table-format.ts';

/** The format of a CSV file with this first line. Throws a TableFault when the file is no table of contact points. */
export function csvFormat(firstLine: string): TableFormat {
  const delimiter = delimiterOf(firstLine);
  const head = parse(firstLine, delimiter);
  const names = (head.rows[0] ?? []).map((name) => name.trim());
  const contactPointColumn = names.indexOf('contact_point');
  if (contactPointColumn < 0) {
    throw new TableFault('no_contact_point', 'The first line names no column contact_point.');
  }
  if (names.lastIndexOf('contact_point') !== contactPointColumn) {
    throw new TableFault('duplicate_column', 'The first line names the column contact_point twice.');
  }
  if (head.broken || firstLine.includes('\r')) {
    const message = 'The first line cannot be read: a quote in it is not closed, or lines end with CR alone.';
    throw new TableFault('malformed_head', message);
  }
  // The columns of an earlier answer are replaced.
  const passedColumns = names.flatMap((name, index) =>
    answerColumns.some((own) => own === name) ? [] : [index],
  );
  const cell = csvCell(delimiter);
  const code = delimiter.charCodeAt(0);
  const answerText = answerCells(delimiter, cell);
  const plain = plainLines(delimiter, contactPointColumn, names.length, answerText);

  function lineOf(cells: string[], fault = faultOf(cells, names.length)): ReadLine<string[]> {
    return { contactPoint: cells[contactPointColumn] ?? '', passed: cells, fault };
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
      const wellEncoded = isUtf8(bytes);
      const text = bytes.toString('utf8');
      const lines = wellEncoded && passedColumns.length === names.length ? plain(text) : undefined;
      if (lines) return lines;
      const whole = parse(text, delimiter);
      if (wellEncoded && !whole.broken)
        return linesOf(
          whole.rows.map((cells) => lineOf(cells)),
          answered,
        );
      // One broken line would break its neighbours too, so each is read by itself.
      const records = splitRecords(bytes, code);
      const length = records.reduce((sum, record) => sum + record.length, 0);
      const each = [...records, bytes.subarray(length)].flatMap((record) => {
        const one = parse(record.toString('utf8'), delimiter);
        if (one.broken || one.rows.length > 1) return [lineOf(one.rows[0] ?? [], 'malformed_quotes')];
        const fault = wellEncoded || isUtf8(record) ? undefined : 'not_utf8';
        return one.rows.map((cells) => lineOf(cells, fault));
      });
      return linesOf(each, answered);
    },
  };
}

/**
 * What is added to a line, with its end. Lines with the same decision get the same text except for their links.
 */
function answerCells(
  delimiter: string,
  cell: (text: string) => string,
): (answer: LineAnswer, fault: string | undefined) => string {
  const heads = new WeakMap<LineDecision, string>();
  const noLinks = delimiter.repeat(5);
  // All links have the same beginning and end in letters and digits: when the first needs no quotes, none does.
  let areLinksPlain: boolean | undefined;

  function headOf(decision: LineDecision): string {
    const cached = heads.get(decision);
    if (cached !== undefined) return cached;
    const { allowed, reason, law, valid_until, allowed_again_at } = decision;
    const times = [valid_until ?? '', allowed_again_at ?? ''];
    const cells = [allowed ? 'true' : 'false', reason, law.join('; '), ...times];
    const head = cells.map(cell).join(delimiter);
    heads.set(decision, head);
    return head;
  }

  function linkCells(links: SendingLinks): string {
    const { preferences_url, unsubscribe_url, list_unsubscribe, list_unsubscribe_post } = links;
    if (unsubscribe_url === null) return noLinks;
    if (areLinksPlain) {
      return `${delimiter}${preferences_url}${delimiter}${unsubscribe_url}${delimiter}${list_unsubscribe}${delimiter}${list_unsubscribe_post}${delimiter}`;
    }
    const own = [preferences_url, unsubscribe_url, list_unsubscribe, list_unsubscribe_post];
    areLinksPlain ??= own.every((link) => link !== null && cell(link) === link);
    return `${delimiter}${own.map((link) => cell(link ?? '')).join(delimiter)}${delimiter}`;
  }

  return ({ decision, links }, fault) =>
    `${headOf(decision)}${linkCells(links)}${fault === undefined ? '' : cell(fault)}\r\n`;
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

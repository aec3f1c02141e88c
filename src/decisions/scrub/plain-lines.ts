import type { LineAnswer, Lines } from './table-format.ts';

/**
 * Reads text without quotes in which nothing needs quotes, as most files are: each line is passed through unchanged.
 * `undefined` for any other text.
 */
export function plainLines(
  delimiter: string,
  contactPointColumn: number,
  columns: number,
  answerText: (answer: LineAnswer, fault: string | undefined) => string,
): (text: string) => Lines | undefined {
  // A quote, a line end within a line, or a cell that a spreadsheet might run. Signed numbers are no formulas.
  const formula = `[=@\t]|[+-](?![\\d ()./-]*(?:[\r\n${delimiter}]|$))`;
  const startsFormula = delimiter === '\t' ? formula.replace('\t', '') : formula;
  const special = new RegExp(`"|\r(?!\n)|(?:^|[\n${delimiter}])(?:${startsFormula})`);

  return (text) => {
    if (text.startsWith('\uFEFF') || special.test(text)) return undefined;
    const { starts, ends } = linesIn(text);
    const line = (index: number) => text.slice(starts[index], ends[index]);
    const faults = new Map<number, string>();
    for (let index = 0; index < starts.length; index++) {
      const cells = cellsIn(line(index));
      if (cells !== columns) faults.set(index, cells < columns ? 'too_few_cells' : 'too_many_cells');
    }
    return {
      count: starts.length,
      contactPoint: (index) => contactPointIn(line(index)),
      fault: (index) => faults.get(index),
      answered(index, answer) {
        const fault = faults.get(index);
        if (fault === undefined) return line(index) + delimiter + answerText(answer, fault);
        const cells = line(index).split(delimiter).slice(0, columns);
        const missing = delimiter.repeat(columns - cells.length);
        return cells.join(delimiter) + missing + delimiter + answerText(answer, fault);
      },
    };
  };

  function cellsIn(line: string): number {
    let cells = 1;
    for (let at = line.indexOf(delimiter); at >= 0; at = line.indexOf(delimiter, at + 1)) cells += 1;
    return cells;
  }

  function contactPointIn(line: string): string {
    let from = 0;
    for (let cell = 0; cell < contactPointColumn; cell++) {
      from = line.indexOf(delimiter, from) + 1;
      if (from === 0) return '';
    }
    const end = line.indexOf(delimiter, from);
    return line.slice(from, end < 0 ? line.length : end);
  }
}

/** The start and end of each line, without its line end. Empty lines are skipped. */
function linesIn(text: string): { starts: number[]; ends: number[] } {
  const starts: number[] = [];
  const ends: number[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline;
    const end = next > start && text.charCodeAt(next - 1) === carriageReturn ? next - 1 : next;
    if (end > start) {
      starts.push(start);
      ends.push(end);
    }
    start = next + 1;
  }
  return { starts, ends };
}

const carriageReturn = 0x0d;

import type { Fact, Table } from '../sheet/sheet.ts';
import { bottomOf, colours, hairline, margins, type Pdf, room, width, withRule, write } from './page.ts';

export function sectionHeading(pdf: Pdf, text: string): void {
  pdf.y += 7;
  room(pdf, 48);
  hairline(pdf, pdf.y);
  pdf.y += 6;
  write(pdf, text, { font: 'bold', size: 10.5, gap: 4, lineGap: 0 });
}

export function drawQuote(pdf: Pdf, text: string, size: number): void {
  room(pdf, 30);
  withRule(pdf, colours.ink, () => {
    write(pdf, text, { font: 'quote', size, left: margins.left + 12, width: width - 12 });
  });
  pdf.y += 4;
}

/** Line by line, as a mail was sent. */
export function drawVerbatim(pdf: Pdf, text: string): void {
  room(pdf, 30);
  withRule(pdf, colours.line, () => {
    // A lone carriage return or tab has no letter in the font.
    const lines = text.replace(/\r\n?/g, '\n').replaceAll('\t', '    ');
    write(pdf, lines, { font: 'code', size: 7, left: margins.left + 12, width: width - 12, lineGap: 1 });
  });
  pdf.y += 6;
}

const labelWidth = 130;

/** Labels at the left, values at the right; a long value flows over pages. */
export function drawFacts(pdf: Pdf, facts: Fact[], { size, ruled }: { size: number; ruled?: boolean }): void {
  const left = margins.left + labelWidth;
  const room = width - labelWidth;
  for (const [index, { label, value, code }] of facts.entries()) {
    const valueSize = code ? size - 1.5 : size;
    const height = heightOf(pdf, value, code ? 'code' : 'text', valueSize, room);
    if (pdf.y + Math.min(height, 60) > bottomOf(pdf)) pdf.addPage();
    const top = pdf.y;
    // Smaller than the value, on the same base line.
    pdf.y = top + 1;
    write(pdf, label, { size: size - 1, colour: colours.muted, width: labelWidth - 8, lineGap: 0.5 });
    const labelEnd = pdf.y;
    pdf.y = top;
    const pages = pdf.bufferedPageRange().count;
    write(pdf, value, {
      font: code ? 'code' : 'text',
      size: valueSize,
      left,
      width: room,
      lineGap: 1,
    });
    const isSamePage = pdf.bufferedPageRange().count === pages;
    pdf.y = (isSamePage ? Math.max(pdf.y, labelEnd) : pdf.y) + 2;
    if (ruled && index < facts.length - 1) hairline(pdf, pdf.y - 1);
    pdf.y += 2;
  }
  pdf.y += 3;
}

const cellSize = 7.5;
const cellGap = 6;

/** Its head stands on each page. A cell is cut where it would be longer than a page. */
export function drawTable(pdf: Pdf, table: Table): void {
  const { columns, rows } = table;
  const whole = columns.reduce((sum, column) => sum + column.width, 0);
  const widths = columns.map((column) => (column.width / whole) * width);
  const fontOf = (index: number) => (columns[index]?.code ? 'code' : 'text');
  const sizeOf = (index: number) => (columns[index]?.code ? cellSize - 1.5 : cellSize);
  const heightOfRow = (row: string[]) =>
    Math.max(
      ...row.map((cell, index) =>
        heightOf(pdf, cell, fontOf(index), sizeOf(index), (widths[index] ?? 0) - cellGap),
      ),
    );
  const drawRow = (row: string[], font?: 'bold') => {
    const top = pdf.y;
    const height = heightOfRow(row);
    let left = margins.left;
    for (const [index, cell] of row.entries()) {
      pdf.y = top;
      const own = widths[index] ?? 0;
      write(pdf, cell, {
        font: font ?? fontOf(index),
        size: font ? cellSize - 0.5 : sizeOf(index),
        colour: font ? colours.muted : colours.ink,
        left,
        width: own - cellGap,
        lineGap: 1,
      });
      left += own;
    }
    pdf.y = top + height + 2;
    hairline(pdf, pdf.y);
    pdf.y += 3;
  };
  const head = columns.map(({ title }) => title);
  room(pdf, 44);
  drawRow(head, 'bold');
  for (const row of rows.map((cells) => cells.map((cell) => cell.slice(0, 1200)))) {
    if (pdf.y + heightOfRow(row) + 5 > bottomOf(pdf)) {
      pdf.addPage();
      drawRow(head, 'bold');
    }
    drawRow(row);
  }
  pdf.y += 6;
}

function heightOf(pdf: Pdf, text: string, font: string, size: number, room: number): number {
  pdf.font(font).fontSize(size);
  return pdf.heightOfString(text || ' ', { width: room, lineGap: 1 });
}

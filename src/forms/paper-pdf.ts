import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { encode } from 'uqr';
import { translator } from '#src/i18n/translate.ts';
import type { PaperForm, PaperGroup } from './paper-form.ts';

/** The paper form on A4. */
export async function paperPdf(paper: PaperForm): Promise<Buffer> {
  const pdf = new PDFDocument({ size: 'A4', margins, bufferPages: true, info: { Title: paper.heading } });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
  });
  pdf.registerFont('text', font('DejaVuSans.ttf')).registerFont('bold', font('DejaVuSans-Bold.ttf'));
  drawHead(pdf, paper);
  for (const group of paper.groups) drawGroup(pdf, group);
  drawLines(pdf, paper);
  drawSignature(pdf, paper);
  write(pdf, paper.notice, { size: 7.5, colour: muted });
  drawFoot(pdf, paper);
  pdf.end();
  return done;
}

type Pdf = PDFKit.PDFDocument;

const mm = (length: number) => (length * 72) / 25.4;
const margins = { top: mm(16), bottom: mm(20), left: mm(20), right: mm(20) };
const width = mm(210) - margins.left - margins.right;
const ink = '#1c1b19';
const muted = '#55534f';
const qrSize = mm(24);
const rowHeight = 36;

function drawHead(pdf: Pdf, paper: PaperForm): void {
  const t = translator(paper.locale);
  const left = mm(210) - margins.right - qrSize;
  drawQr(pdf, paper.captureUrl, left, margins.top);
  pdf.font('text').fontSize(6.5).fillColor(muted);
  pdf.text(t('running.paper.qr'), left, margins.top + qrSize + 2, { width: qrSize, align: 'center' });
  const room = width - qrSize - mm(8);
  pdf.font('text').fontSize(8.5).fillColor(muted);
  pdf.text(paper.controller, margins.left, margins.top, { width: room }).moveDown(0.6);
  pdf.font('bold').fontSize(16).fillColor(ink);
  pdf.text(paper.heading, { width: room }).moveDown(0.4);
  pdf.font('text').fontSize(9.5).text(paper.instruction, { width: room, lineGap: 1 });
  pdf.y = Math.max(pdf.y + 10, margins.top + qrSize + 18);
}

function drawQr(pdf: Pdf, text: string, left: number, top: number): void {
  const { data, size } = encode(text, { border: 0 });
  const dot = qrSize / size;
  for (const [row, dots] of data.entries()) {
    for (const [column, dark] of dots.entries()) {
      // Slightly larger than the grid, because printers show white lines between the dots otherwise.
      if (dark) pdf.rect(left + column * dot, top + row * dot, dot + 0.05, dot + 0.05);
    }
  }
  pdf.fill('#000000');
}

function drawGroup(pdf: Pdf, { title, promise, thirdParties, boxes }: PaperGroup): void {
  roomFor(pdf, 70);
  write(pdf, title, { size: 11, bold: true, gap: 1 });
  write(pdf, [promise, ...thirdParties].join('\n'), { size: 8.5, colour: muted, gap: 5 });
  for (const { channel, wording, ref } of boxes) {
    const left = margins.left + mm(9);
    const room = width - mm(9);
    pdf.font('text').fontSize(9);
    roomFor(pdf, pdf.heightOfString(wording, { width: room, lineGap: 1 }) + 26);
    pdf
      .rect(margins.left, pdf.y + 1, mm(4.5), mm(4.5))
      .lineWidth(1)
      .stroke(ink);
    pdf.font('bold').fontSize(8.5).fillColor(ink).text(channel, left, pdf.y, { width: room });
    pdf.font('text').fontSize(9).text(wording, left, pdf.y, { width: room, lineGap: 1 });
    pdf.fontSize(6.5).fillColor(muted).text(ref, left, pdf.y, { width: room });
    pdf.moveDown(1);
  }
  pdf.moveDown(0.3);
}

function drawLines(pdf: Pdf, { lines, locale, notice }: PaperForm): void {
  const rows = rowsOf(lines);
  pdf.font('text').fontSize(7.5);
  const below = pdf.heightOfString(notice, { width, lineGap: 1 });
  // Name, signature and notice stay on one page.
  roomFor(pdf, 20 + (rows.length + 1) * rowHeight + 12 + below);
  write(pdf, translator(locale)('running.paper.person'), { size: 11, bold: true, gap: 0 });
  for (const row of rows) drawBlanks(pdf, row);
}

/** Two consecutive short lines share a row. */
function rowsOf(lines: PaperForm['lines']): string[][] {
  const rows: string[][] = [];
  let open: string[] | undefined;
  for (const { label, short } of lines) {
    if (short && open) {
      open.push(label);
      open = undefined;
      continue;
    }
    rows.push([label]);
    open = short ? rows.at(-1) : undefined;
  }
  return rows;
}

function drawSignature(pdf: Pdf, { locale }: PaperForm): void {
  const t = translator(locale);
  drawBlanks(pdf, [t('running.paper.place'), t('running.paper.date'), t('running.paper.sign')]);
  pdf.y += 12;
}

/** Lines to write on, side by side, with labels below. */
function drawBlanks(pdf: Pdf, labels: string[]): void {
  const gap = mm(6);
  const each = (width - gap * (labels.length - 1)) / labels.length;
  const top = pdf.y + rowHeight - 12;
  for (const [index, label] of labels.entries()) {
    const left = margins.left + index * (each + gap);
    pdf
      .moveTo(left, top)
      .lineTo(left + each, top)
      .lineWidth(0.6)
      .stroke(ink);
    pdf
      .font('text')
      .fontSize(7.5)
      .fillColor(muted)
      .text(label, left, top + 2, { width: each, lineBreak: false });
  }
  pdf.y = top + 12;
}

function drawFoot(pdf: Pdf, { version, locale }: PaperForm): void {
  const { count } = pdf.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    pdf.switchToPage(page);
    // The footer is in the margin, where text would otherwise start a new page.
    pdf.page.margins.bottom = 0;
    const pages = translator(locale)('running.paper.page', { page: page + 1, pages: count });
    pdf.font('text').fontSize(7).fillColor(muted);
    pdf.text(`${version} · ${pages}`, margins.left, mm(297) - mm(13), { lineBreak: false });
  }
}

function write(
  pdf: Pdf,
  text: string,
  { size, bold, colour = ink, gap = 0 }: { size: number; bold?: boolean; colour?: string; gap?: number },
): void {
  pdf
    .font(bold ? 'bold' : 'text')
    .fontSize(size)
    .fillColor(colour);
  pdf.text(text, margins.left, pdf.y, { width, lineGap: 1 });
  pdf.y += gap;
}

function roomFor(pdf: Pdf, height: number): void {
  if (pdf.y + height > pdf.page.height - margins.bottom) pdf.addPage();
}

function font(file: string): string {
  return createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`);
}

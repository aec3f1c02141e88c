/** The paper of a proof sheet: fonts, measures, colours, and the head and foot of each page. */
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { translator } from '#src/i18n/translate.ts';
import type { Sheet } from '../sheet/sheet.ts';

export type Pdf = PDFKit.PDFDocument;

const mm = (length: number) => (length * 72) / 25.4;
export const margins = { top: mm(24), bottom: mm(21), left: mm(24), right: mm(20) };
export const width = mm(210) - margins.left - margins.right;
export const colours = { ink: '#1c1b19', muted: '#5b5954', line: '#c9c6bf', yes: '#1d6b45', no: '#9b2c1f' };

/** Empty. Its dates are those of the story, so that the same story is the same file, byte for byte. */
export function openPdf(sheet: Sheet): Pdf {
  const date = new Date(sheet.at);
  const pdf = new PDFDocument({
    size: 'A4',
    margins,
    bufferPages: true,
    lang: sheet.locale,
    info: {
      Title: sheet.title,
      Author: sheet.companies,
      Subject: sheet.reference ?? '',
      CreationDate: date,
      ModDate: date,
    },
  });
  const font = (file: string) => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}.ttf`);
  pdf.registerFont('text', font('DejaVuSansCondensed'));
  pdf.registerFont('bold', font('DejaVuSansCondensed-Bold'));
  pdf.registerFont('quote', font('DejaVuSerifCondensed'));
  pdf.registerFont('code', font('DejaVuSansMono'));
  return pdf;
}

/** Ends the document. */
export async function bytesOf(pdf: Pdf): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  const done = new Promise<void>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', resolve);
    pdf.on('error', reject);
  });
  pdf.end();
  await done;
  return new Uint8Array(Buffer.concat(chunks));
}

export function drawHeadsAndFeet(pdf: Pdf, sheet: Sheet): void {
  const t = translator(sheet.locale);
  const { count } = pdf.bufferedPageRange();
  const reference = sheet.reference ? t('proof.reference', { id: sheet.reference }) : sheet.title;
  for (let page = 0; page < count; page += 1) {
    pdf.switchToPage(page);
    // Both lie in the margins, where text would otherwise start a new page.
    pdf.page.margins.top = 0;
    pdf.page.margins.bottom = 0;
    small(pdf, sheet.companies, mm(12), 'left', width * 0.55);
    small(pdf, reference, mm(12), 'right', width * 0.44);
    hairline(pdf, mm(17));
    hairline(pdf, mm(282));
    small(pdf, sheet.asOf, mm(284), 'left', width * 0.7);
    small(pdf, t('proof.page', { page: page + 1, pages: count }), mm(284), 'right', width * 0.29);
  }
}

function small(pdf: Pdf, text: string, top: number, align: 'left' | 'right', room: number): void {
  pdf.font('text').fontSize(7.5).fillColor(colours.muted);
  const left = align === 'left' ? margins.left : margins.left + width - room;
  pdf.text(text, left, top, { width: room, height: 10, ellipsis: true, align });
}

export function hairline(pdf: Pdf, top: number, left = margins.left, length = width): void {
  pdf
    .moveTo(left, top)
    .lineTo(left + length, top)
    .lineWidth(0.4)
    .stroke(colours.line);
}

/** Starts a new page unless so much of this one is left, in points. */
export function room(pdf: Pdf, height: number): void {
  if (pdf.y + height > bottomOf(pdf)) pdf.addPage();
}

export function bottomOf(pdf: Pdf): number {
  return pdf.page.height - margins.bottom;
}

export interface Look {
  font?: 'text' | 'bold' | 'quote' | 'code';
  size: number;
  colour?: string;
  left?: number;
  width?: number;
  /** Below it, in points. */
  gap?: number;
  lineGap?: number;
}

/** Text that flows over pages. */
export function write(pdf: Pdf, text: string, look: Look): void {
  const { font = 'text', size, colour = colours.ink, left = margins.left, gap = 0, lineGap = 1.5 } = look;
  pdf.font(font).fontSize(size).fillColor(colour);
  pdf.text(text, left, pdf.y, { width: look.width ?? width, lineGap });
  pdf.y += gap;
}

/** A line at the left of what is drawn, on each page that it reaches. */
export function withRule(pdf: Pdf, colour: string, draw: () => void): void {
  const first = lastPage(pdf);
  const from = pdf.y;
  draw();
  const [last, to] = [lastPage(pdf), pdf.y];
  for (let page = first; page <= last; page += 1) {
    pdf.switchToPage(page);
    pdf
      .moveTo(margins.left + 1, page === first ? from : margins.top)
      .lineTo(margins.left + 1, page === last ? to : bottomOf(pdf))
      .lineWidth(1.6)
      .stroke(colour);
  }
  pdf.y = to;
}

function lastPage(pdf: Pdf): number {
  return pdf.bufferedPageRange().count - 1;
}

/** The paper of a letter: measures, head, foot and paragraphs. */
import { encode } from 'uqr';
import { dateText } from '#src/i18n/dates.ts';
import { translator } from '#src/i18n/translate.ts';
import type { LetterContent } from './letter-content.ts';

export const mm = (length: number) => (length * 72) / 25.4;
export const margins = { top: mm(20), bottom: mm(34), left: mm(25), right: mm(20) };
export const width = mm(210) - margins.left - margins.right;
export const muted = '#55534f';
export const ink = '#1c1b19';

export type Pdf = PDFKit.PDFDocument;

export function drawHead(pdf: Pdf, { sender, recipient, locale, at, reference }: LetterContent): void {
  const t = translator(locale);
  pdf.fillColor(ink).font('bold').fontSize(13);
  pdf.text(sender.name, margins.left, mm(20), { width });
  // The return address, five millimetres high, and below it the recipient.
  pdf.fillColor(muted).font('text').fontSize(6.5);
  pdf.text(`${sender.name} · ${sender.address}`, mm(25), mm(57.5), { width: mm(80), lineBreak: false });
  pdf.moveTo(mm(25), mm(61)).lineTo(mm(105), mm(61)).lineWidth(0.4).stroke(muted);
  pdf.fillColor(ink).font('text').fontSize(10);
  pdf.text(recipient.slice(0, 6).join('\n'), mm(25), mm(62.7), { width: mm(80), lineGap: 1 });
  pdf.fontSize(9).text(dateText(at, locale), mm(125), mm(62.7), { width: mm(65) });
  pdf.fillColor(muted).fontSize(7);
  pdf.text(t('letter.reference', { reference }), mm(125), pdf.y + 2, { width: mm(65) });
  for (const height of [105, 148.5, 210]) {
    const length = height === 148.5 ? 4 : 2.5;
    pdf
      .moveTo(mm(4), mm(height))
      .lineTo(mm(4 + length), mm(height))
      .lineWidth(0.4)
      .stroke(muted);
  }
}

export function paragraph(pdf: Pdf, text: string): void {
  pdf.fillColor(ink).font('text').fontSize(9.5);
  pdf.text(text, margins.left, pdf.y, { width, lineGap: 1.5 }).moveDown(0.9);
}

export function drawCode(pdf: Pdf, url: string, left: number, top: number, size: number): void {
  const { data, size: modules } = encode(url, { ecc: 'M', border: 0 });
  const step = size / modules;
  for (const [row, line] of data.entries()) {
    for (const [column, dark] of line.entries()) {
      if (dark) pdf.rect(left + column * step, top + row * step, step, step);
    }
  }
  pdf.fill('#000000');
}

/** Starts a new page if the next block does not fit. */
export function room(pdf: Pdf, height: number): void {
  if (pdf.y + height > pdf.page.height - margins.bottom) pdf.addPage();
}

/** The imprint and the page number at the bottom of every page. */
export function numberPages(pdf: Pdf, { sender, locale }: LetterContent, first: number, pages: number): void {
  const t = translator(locale);
  for (let page = 0; page < pages; page += 1) {
    pdf.switchToPage(first + page);
    // The footer is in the margin, where text would otherwise start a new page.
    pdf.page.margins.bottom = 0;
    const top = pdf.page.height - mm(28);
    pdf
      .moveTo(margins.left, top - 4)
      .lineTo(margins.left + width, top - 4)
      .lineWidth(0.4)
      .stroke(muted);
    pdf.font('text').fontSize(7).fillColor(muted);
    pdf.text(sender.imprint, margins.left, top, { width: width - mm(25), lineGap: 0.5 });
    if (pages < 2) continue;
    const words = t('letter.page', { page: page + 1, pages });
    pdf.text(words, margins.left, top, { width, align: 'right', lineBreak: false });
  }
}

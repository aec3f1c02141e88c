import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { encode } from 'uqr';
import type { Locale, PermissionState } from '#db/schema.ts';
import { differences, invalidText, restrictionText } from '#emails/permissions-changed.ts';
import { dateText, exactTimeText } from '#src/i18n/dates.ts';
import {
  groundAnswer,
  groundSentences,
  type Speech,
  type SpokenGround,
  speechOf,
  standsOnConsent,
} from '#src/i18n/ground-words.ts';
import { translator } from '#src/i18n/translate.ts';
import type { LetterCell, LetterContent } from './letter-content.ts';

/** A letter with its unsubscribe URLs, in the order of `exits`. */
export interface PrintableLetter extends LetterContent {
  exitUrls: string[];
}

/** Letters on A4 by DIN 5008 form B, for window envelopes. `duplex`: every letter starts on a front page. */
export async function lettersPdf(
  letters: PrintableLetter[],
  { duplex, title }: { duplex: boolean; title: string },
): Promise<Buffer> {
  const pdf = new PDFDocument({
    size: 'A4',
    margins,
    autoFirstPage: false,
    bufferPages: true,
    info: { Title: title },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
  });
  pdf.registerFont('text', font('DejaVuSans.ttf')).registerFont('bold', font('DejaVuSans-Bold.ttf'));
  for (const letter of letters) {
    const first = pdf.bufferedPageRange().count;
    drawLetter(pdf, letter);
    const pages = pdf.bufferedPageRange().count - first;
    numberPages(pdf, letter, first, pages);
    if (duplex && pages % 2 === 1) pdf.addPage();
  }
  pdf.end();
  return done;
}

const mm = (length: number) => (length * 72) / 25.4;
const margins = { top: mm(20), bottom: mm(34), left: mm(25), right: mm(20) };
const width = mm(210) - margins.left - margins.right;
const muted = '#55534f';
const ink = '#1c1b19';

type Pdf = PDFKit.PDFDocument;

function drawLetter(pdf: Pdf, letter: PrintableLetter): void {
  const t = translator(letter.locale);
  pdf.addPage();
  drawHead(pdf, letter);
  pdf.fillColor(ink).font('bold').fontSize(12);
  const speech = speechOf(letter.cells.map(groundIn));
  pdf.text(t(subjectOf(letter, speech)), margins.left, mm(98.5), { width }).moveDown(0.8);
  paragraph(pdf, t('letter.hello'));
  paragraph(pdf, openingOf(letter));
  const invalid = letter.cells.filter((cell) => cell.invalid);
  if (invalid.length > 0) paragraph(pdf, invalidText(invalid, letter.locale));
  if (letter.restriction) paragraph(pdf, restrictionText(letter.restriction, letter.locale));
  drawAnswers(pdf, letter);
  paragraph(pdf, t(changeWords[speech], { email: letter.sender.email }));
  drawExits(pdf, letter);
  paragraph(pdf, `${t('letter.greeting')}\n${letter.sender.name}`);
  drawWordings(pdf, letter);
}

const subjectWords = {
  consent: 'letter.subject',
  other: 'letter.subject.other',
  mixed: 'letter.subject.mixed',
} as const;

const changeWords = {
  consent: 'letter.change',
  other: 'letter.change.other',
  mixed: 'letter.change.mixed',
} as const;

const exitWords = { consent: 'letter.exit', other: 'letter.exit.other', mixed: 'letter.exit.mixed' } as const;

function subjectOf({ changes }: PrintableLetter, speech: Speech) {
  const objected =
    changes.length > 0 &&
    changes.every(({ to, basis = null }) => to === 'withdrawn' && !standsOnConsent({ basis }));
  return objected ? 'letter.subject.objected' : subjectWords[speech];
}

function groundIn({ ground, title, channel, state, since }: LetterCell): SpokenGround {
  return ground ?? { title, channel, state, since, basis: null, settledState: 'none' };
}

function drawHead(pdf: Pdf, { sender, recipient, locale, at, reference }: PrintableLetter): void {
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

function openingOf({ locale, changes, recordedAt, at }: PrintableLetter): string {
  const t = translator(locale);
  if (changes.length === 0) return t('letter.standing', { at: exactTimeText(at, locale) });
  return t('letter.changed', { at: exactTimeText(recordedAt, locale), what: differences(changes, locale) });
}

function paragraph(pdf: Pdf, text: string): void {
  pdf.fillColor(ink).font('text').fontSize(9.5);
  pdf.text(text, margins.left, pdf.y, { width, lineGap: 1.5 }).moveDown(0.9);
}

const columns = { channel: margins.left, answer: margins.left + mm(62), since: margins.left + mm(110) };

/** The state of every purpose on every channel, as word and sign. */
function drawAnswers(pdf: Pdf, { cells, locale }: PrintableLetter): void {
  const t = translator(locale);
  room(pdf, 60);
  pdf.fillColor(ink).font('bold').fontSize(9.5);
  pdf.text(t('letter.all'), margins.left, pdf.y, { width }).moveDown(0.5);
  for (const [title, own] of Map.groupBy(cells, (cell) => cell.title)) {
    room(pdf, 16 + 14 * own.length);
    pdf.font('bold').fontSize(9).fillColor(ink);
    pdf.text(title, margins.left, pdf.y, { width }).moveDown(0.2);
    for (const cell of own) drawAnswer(pdf, cell, locale);
    pdf.moveDown(0.5);
  }
  pdf.moveDown(0.4);
}

function drawAnswer(pdf: Pdf, cell: LetterCell, locale: Locale): void {
  const t = translator(locale);
  room(pdf, 14);
  const top = pdf.y;
  const channel = t(`channel.${cell.channel}`);
  const cellText = (text: string, x: number, room: number) =>
    pdf.text(text, x, top, { width: room, height: 12, ellipsis: true, lineBreak: false });
  pdf.font('text').fontSize(9).fillColor(ink);
  cellText(cell.address ? `${channel} ${cell.address}` : channel, columns.channel, mm(60));
  pdf.font(cell.state === 'none' ? 'text' : 'bold');
  const ground = groundIn(cell);
  const other = cell.invalid ? undefined : groundAnswer(ground, locale);
  const answer = other ?? t(cell.invalid ? 'letter.answer.invalid' : `letter.answer.${cell.state}`);
  const shownAs = cell.invalid ? 'expired' : other && cell.state === 'granted' ? 'none' : cell.state;
  cellText(`${signs[shownAs]}  ${answer}`, columns.answer, mm(46));
  pdf.font('text').fillColor(muted);
  const since = cell.since ? t('letter.since', { at: dateText(cell.since, locale) }) : '';
  cellText(since, columns.since, mm(55));
  pdf
    .moveTo(margins.left, top + 13)
    .lineTo(margins.left + width, top + 13)
    .lineWidth(0.3)
    .stroke('#d8d4cc');
  pdf.y = top + 15;
  const sentences = groundSentences(ground, locale);
  if (sentences.length === 0) return;
  room(pdf, 40);
  pdf.font('text').fontSize(8.5).fillColor(ink);
  for (const sentence of sentences) pdf.text(sentence, margins.left, pdf.y, { width, lineGap: 1 });
  pdf.moveDown(0.5);
}

const signs: Record<PermissionState, string> = {
  granted: '✓',
  refused: '✕',
  withdrawn: '✕',
  expired: '✕',
  none: '○',
  pending: '…',
};

/** QR codes of the unsubscribe pages. */
function drawExits(pdf: Pdf, { exits, exitUrls, cells, locale }: PrintableLetter): void {
  if (exitUrls.length === 0) return;
  const t = translator(locale);
  room(pdf, 96);
  paragraph(pdf, t(exitWords[speechOf(cells.map(groundIn))]));
  const size = mm(20);
  for (const [index, url] of exitUrls.entries()) {
    const exit = exits[index];
    if (!exit) continue;
    room(pdf, size + 8);
    const top = pdf.y;
    drawCode(pdf, url, margins.left, top, size);
    const left = margins.left + size + mm(5);
    const label = t('letter.exit.one', { channel: t(`channel.${exit.channel}`), address: exit.address });
    pdf.font('bold').fontSize(9).fillColor(ink);
    pdf.text(label.replaceAll('\n', ', '), left, top + 4, { width: width - size - mm(5) });
    pdf.font('text').fontSize(7).fillColor(muted);
    pdf.text(url, left, pdf.y + 3, { width: width - size - mm(5) });
    pdf.y = Math.max(pdf.y, top + size) + 6;
  }
  pdf.moveDown(0.4);
}

function drawCode(pdf: Pdf, url: string, left: number, top: number, size: number): void {
  const { data, size: modules } = encode(url, { ecc: 'M', border: 0 });
  const step = size / modules;
  for (const [row, line] of data.entries()) {
    for (const [column, dark] of line.entries()) {
      if (dark) pdf.rect(left + column * step, top + row * step, step, step);
    }
  }
  pdf.fill('#000000');
}

/** The text of each granted consent, as stored. */
function drawWordings(pdf: Pdf, { cells, locale }: PrintableLetter): void {
  const t = translator(locale);
  for (const { title, channel, wording } of cells) {
    if (!wording) continue;
    room(pdf, 70);
    pdf.font('bold').fontSize(8.5).fillColor(ink);
    const place = { title, channel: t(`channel.${channel}`), ref: wording.ref };
    pdf.text(t('letter.wording', place), margins.left, pdf.y, { width }).moveDown(0.2);
    pdf.font('text').fontSize(8.5);
    pdf.text(wording.text, margins.left, pdf.y, { width, lineGap: 1 }).moveDown(0.7);
  }
}

/** Starts a new page if the next block does not fit. */
function room(pdf: Pdf, height: number): void {
  if (pdf.y + height > pdf.page.height - margins.bottom) pdf.addPage();
}

/** The imprint and the page number at the bottom of every page. */
function numberPages(pdf: Pdf, { sender, locale }: PrintableLetter, first: number, pages: number): void {
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

function font(file: string): string {
  return createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`);
}

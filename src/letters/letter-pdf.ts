import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { differences, invalidText, restrictionText } from '#emails/permissions-changed.ts';
import { exactTimeText } from '#src/i18n/dates.ts';
import { type Speech, speechOf, standsOnConsent } from '#src/i18n/ground-words.ts';
import { translator } from '#src/i18n/translate.ts';
import { drawAnswers, groundIn } from './letter-answers.ts';
import type { LetterContent } from './letter-content.ts';
import {
  drawCode,
  drawHead,
  ink,
  margins,
  mm,
  muted,
  numberPages,
  type Pdf,
  paragraph,
  room,
  width,
} from './letter-page.ts';

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

function openingOf({ locale, changes, recordedAt, at }: PrintableLetter): string {
  const t = translator(locale);
  if (changes.length === 0) return t('letter.standing', { at: exactTimeText(at, locale) });
  return t('letter.changed', { at: exactTimeText(recordedAt, locale), what: differences(changes, locale) });
}

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

function font(file: string): string {
  return createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`);
}

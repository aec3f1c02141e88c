import type { Locale, PermissionState } from '#db/schema/vocabulary.ts';
import { dateText } from '#src/i18n/dates.ts';
import { groundAnswer, groundSentences, type SpokenGround } from '#src/i18n/ground-words.ts';
import { translator } from '#src/i18n/translate.ts';
import type { LetterCell, LetterContent } from './letter-content.ts';
import { ink, margins, mm, muted, type Pdf, room, width } from './letter-page.ts';

const columns = { channel: margins.left, answer: margins.left + mm(62), since: margins.left + mm(110) };

/** The state of every purpose on every channel, as word and sign. */
export function drawAnswers(pdf: Pdf, { cells, locale }: LetterContent): void {
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

export function groundIn({ ground, title, channel, state, since }: LetterCell): SpokenGround {
  return ground ?? { title, channel, state, since, basis: null, settledState: 'none' };
}

import { preciseTimeText } from '#src/i18n/dates.ts';
import { type Translate, translator } from '#src/i18n/translate.ts';
import type { Sheet, SheetPart, SheetWords, Step } from '../sheet/sheet.ts';
import { drawFacts, drawQuote, drawTable, sectionHeading } from './draw-blocks.ts';
import { colours, margins, type Pdf, room, width, write } from './page.ts';

/** What a judge reads in a minute. Long texts are cut here; the annexes have them in full. */
export function drawFirstPage(pdf: Pdf, sheet: Sheet): void {
  const t = translator(sheet.locale);
  write(pdf, sheet.title, { font: 'bold', size: 19, gap: 3, lineGap: 0 });
  write(pdf, cut(sheet.subject, 300), { size: 11, colour: colours.muted, gap: 8 });
  const [only, ...others] = sheet.parts;
  if (only && others.length === 0) {
    drawPart(pdf, only, t);
    drawBelief(pdf, sheet, t);
    return;
  }
  drawOverview(pdf, sheet.parts, t);
  drawBelief(pdf, sheet, t);
  for (const part of sheet.parts) {
    pdf.addPage();
    write(pdf, part.title, { font: 'bold', size: 14, gap: 6, lineGap: 0 });
    drawPart(pdf, part, t);
  }
}

function drawOverview(pdf: Pdf, parts: SheetPart[], t: Translate): void {
  sectionHeading(pdf, t('proof.section.permissions'));
  const valueAt = ({ facts }: SheetPart, label: string) =>
    facts.find((fact) => fact.label === label)?.value ?? '';
  drawTable(pdf, {
    kind: 'table',
    columns: [
      { title: t('proof.table.purpose'), width: 30 },
      { title: t('proof.table.channel'), width: 12 },
      { title: t('proof.table.state'), width: 30 },
      { title: t('proof.table.basis'), width: 28 },
    ],
    rows: parts.map((part) => [
      valueAt(part, t('proof.fact.purpose')),
      valueAt(part, t('proof.fact.channel')),
      part.state,
      valueAt(part, t('proof.fact.basis')),
    ]),
  });
}

const moods = { yes: colours.yes, no: colours.no, open: colours.muted };

function drawPart(pdf: Pdf, part: SheetPart, t: Translate): void {
  drawState(pdf, part);
  drawFacts(
    pdf,
    part.facts.map((fact) => ({ ...fact, value: cut(fact.value, 260) })),
    { size: 9, ruled: true },
  );
  if (part.words) drawWords(pdf, part.words);
  sectionHeading(pdf, part.how.heading);
  drawSteps(pdf, part.how.steps, t);
  sectionHeading(pdf, t('proof.section.since'));
  if (typeof part.since === 'string') write(pdf, part.since, { size: 9, gap: 2 });
  else drawSteps(pdf, part.since, t);
}

function drawWords(pdf: Pdf, { heading, quote, note }: SheetWords): void {
  sectionHeading(pdf, heading);
  if (quote) drawQuote(pdf, cut(quote.text, 460), 9.5);
  write(pdf, note, { size: 7.5, colour: colours.muted, gap: 3 });
}

function drawState(pdf: Pdf, { state, mood }: SheetPart): void {
  const top = pdf.y;
  pdf.circle(margins.left + 4, top + 7, 4).fill(moods[mood]);
  write(pdf, state, { font: 'bold', size: 11, colour: moods[mood], left: margins.left + 15, gap: 6 });
}

const timeWidth = 108;

function drawSteps(pdf: Pdf, steps: Step[], t: Translate): void {
  for (const { at, title, details } of steps) {
    const left = margins.left + timeWidth;
    const look = { left, width: width - timeWidth, size: 9, lineGap: 1 };
    room(pdf, 26);
    const top = pdf.y;
    write(pdf, preciseTimeText(at, t.locale), { size: 8, colour: colours.muted, width: timeWidth - 6 });
    pdf.y = top;
    write(pdf, cut(title, 200), { ...look, font: 'bold' });
    const shown = details.map((detail) => cut(detail, 240)).join('. ');
    if (shown) write(pdf, `${shown.replace(/([.!?…])\. /g, '$1 ')}`, { ...look, size: 8 });
    pdf.y += 3;
  }
}

function drawBelief(pdf: Pdf, { belief, limits }: Sheet, t: Translate): void {
  sectionHeading(pdf, t('proof.section.belief'));
  write(pdf, belief.join(' '), { size: 8, gap: 3, lineGap: 1 });
  if (limits.length === 0) return;
  sectionHeading(pdf, t('proof.section.limits'));
  write(pdf, limits.join(' '), { size: 8, lineGap: 1 });
}

/** At a word; what follows stands in an annex. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const start = text.slice(0, most);
  return `${start.slice(0, Math.max(start.lastIndexOf(' '), most - 40))} […]`;
}

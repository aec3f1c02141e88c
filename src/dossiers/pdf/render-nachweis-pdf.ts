import type { Locale } from '#db/schema/vocabulary.ts';
import { preciseTimeText } from '#src/i18n/dates.ts';
import { type Translate, translator } from '#src/i18n/translate.ts';
import { describeStory } from '../sheet/describe-story.ts';
import type { Annex, Block, Sheet } from '../sheet/sheet.ts';
import type { Story } from '../story.ts';
import { drawFacts, drawQuote, drawTable, drawVerbatim, sectionHeading } from './draw-blocks.ts';
import { drawFirstPage } from './draw-first-page.ts';
import { drawForm } from './draw-form.ts';
import { drawScan } from './draw-scan.ts';
import { bytesOf, colours, drawHeadsAndFeet, openPdf, type Pdf, room, write } from './page.ts';

/**
 * The Nachweis as PDF: one page that is understood in a minute, a timeline, annexes. The same story gives the same bytes.
 *
 * @param locale of the reader; else that of the person
 * @param files scans by their SHA-256, hex; those that are pictures are printed
 */
export async function renderNachweisPdf(
  story: Story,
  {
    locale = story.person.locale,
    files = new Map(),
  }: { locale?: Locale; files?: Map<string, Uint8Array> } = {},
): Promise<Uint8Array> {
  const sheet = describeStory(story, locale);
  const t = translator(locale);
  const pdf = openPdf(sheet);
  drawFirstPage(pdf, sheet);
  pdf.addPage();
  drawTimeline(pdf, sheet, t);
  for (const annex of sheet.annexes) drawAnnex(pdf, annex, files, t);
  drawHeadsAndFeet(pdf, sheet);
  return bytesOf(pdf);
}

function drawTimeline(pdf: Pdf, { timeline, annexes, locale }: Sheet, t: Translate): void {
  write(pdf, t('proof.section.timeline'), { font: 'bold', size: 14, gap: 6 });
  drawTable(pdf, {
    kind: 'table',
    columns: [
      { title: t('proof.table.time'), width: 25, time: true },
      { title: t('proof.table.what'), width: 43 },
      { title: t('proof.table.who'), width: 22 },
      { title: t('proof.table.entry'), width: 10 },
    ],
    rows: timeline.map(({ at, what, who, entries }) => [
      preciseTimeText(at, locale),
      what,
      who,
      entries.join(', '),
    ]),
  });
  sectionHeading(pdf, t('proof.section.contents'));
  for (const annex of annexes) write(pdf, headingOf(annex, t), { size: 9 });
  pdf.y += 6;
}

function headingOf({ letter, title }: Annex, t: Translate): string {
  return t('proof.annex', { letter, title });
}

function drawAnnex(pdf: Pdf, annex: Annex, files: Map<string, Uint8Array>, t: Translate): void {
  pdf.y += 10;
  room(pdf, 130);
  write(pdf, headingOf(annex, t), { font: 'bold', size: 14, gap: 6 });
  for (const block of annex.blocks) drawBlock(pdf, block, files, t);
}

function drawBlock(pdf: Pdf, block: Block, files: Map<string, Uint8Array>, t: Translate): void {
  if (block.kind === 'heading') {
    room(pdf, 60);
    write(pdf, block.text, { font: 'bold', size: 10, gap: 4 });
  }
  if (block.kind === 'text') write(pdf, block.text, { size: 8.5, gap: 5, colour: colours.muted });
  if (block.kind === 'facts') drawFacts(pdf, block.facts, { size: 8.5 });
  if (block.kind === 'quote') drawQuote(pdf, block.text, 9.5);
  if (block.kind === 'verbatim') drawVerbatim(pdf, block.text);
  if (block.kind === 'table') drawTable(pdf, block);
  if (block.kind === 'form') drawForm(pdf, block, t);
  if (block.kind === 'file' && block.type !== null) {
    const bytes = files.get(block.sha256);
    if (bytes) drawScan(pdf, bytes, block.type);
  }
}

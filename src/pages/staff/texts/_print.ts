import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import type { DescribedText } from '#src/consent-texts/describe-text.ts';
import { type TextVersion, textRef, versionNumber } from '#src/consent-texts/text-version.ts';
import type { TextOnDate } from '#src/consent-texts/texts-on-date.ts';
import { exactTimeText } from '#src/i18n/dates.ts';
import { isoOfLocal, localOfIso } from '#src/i18n/local-time.ts';
import type { Translate } from '#src/i18n/translate.ts';
import { stateText } from './_state.ts';
import { stepDetails } from './_step-details.ts';

/** One text on paper: a line above, the words, lines of facts below. */
export interface PaperText {
  heading: string;
  state: string;
  lang: string;
  wording: string;
  sha256: string;
  facts: string[];
}

export interface Paper {
  title: string;
  made: string;
  texts: PaperText[];
  /** The steps, one line each. */
  lines: { title: string; lines: string[] };
}

/** The whole history of a text, for paper. */
export function historyPaper(t: Translate, text: DescribedText, now: Date): Paper {
  const ref = `${text.place.purpose}/${text.place.channel}/${text.place.locale}`;
  const nameOf = (id: string) => {
    const version = text.versions.find((one) => one.id === id);
    return version ? (versionNumber(version) ?? t(`texts.state.${version.state}`)) : t('texts.discarded');
  };
  return {
    title: t('texts.print.history', { ref }),
    made: t('texts.print.made', { at: exactTimeText(now.toISOString(), t.locale) }),
    texts: text.versions.map((version) => paperText(t, version, version)),
    lines: {
      title: t('texts.steps'),
      lines: text.steps.map((step) =>
        [
          exactTimeText(step.at, t.locale),
          nameOf(step.versionId),
          t(`texts.step.${step.kind}`),
          step.actorName,
          step.note,
          stepDetails(t, step),
        ]
          .filter(Boolean)
          .join(' · '),
      ),
    },
  };
}

/** All texts that were live at a moment, for paper. */
export function livePaper(t: Translate, texts: TextOnDate[], day: string, now: Date): Paper {
  return {
    title: t('texts.print.live', { date: day }),
    made: t('texts.print.made', { at: exactTimeText(now.toISOString(), t.locale) }),
    texts: texts.map((text) => paperText(t, text, { ...text, author: null }, text.title)),
    lines: { title: '', lines: [] },
  };
}

function paperText(
  t: Translate,
  version: TextVersion,
  who: { author: string | null; approver: string | null; stopper: string | null },
  title?: string,
): PaperText {
  const number = versionNumber(version);
  const at = (iso: string) => exactTimeText(iso, t.locale);
  return {
    heading: [title, number ? `${textRef(version)}@${number}` : t(`texts.state.${version.state}`)]
      .filter(Boolean)
      .join(' · '),
    state: stateText(t, version),
    lang: version.locale,
    wording: version.wording,
    sha256: version.sha256,
    facts: [
      who.author && `${t('texts.author')}: ${who.author}`,
      version.approved_at &&
        `${t('texts.approver')}: ${who.approver ?? t('texts.with_installation')}, ${at(version.approved_at)}`,
      version.approval_note && `${t('texts.steps.note')}: ${version.approval_note}`,
      version.live_from && `${t('texts.live_from')}: ${at(version.live_from)}`,
      version.retired_at && `${t('texts.retired_at')}: ${at(version.retired_at)}`,
      version.stopped_at &&
        !version.invalidated_at &&
        t('texts.stopped.text', {
          at: at(version.stopped_at),
          name: who.stopper ?? '',
          reason: version.stop_reason ?? '',
        }),
      version.invalidated_at &&
        t('texts.invalid.text', { at: at(version.invalidated_at), reason: version.invalid_reason ?? '' }),
      ...overridesOf(t, version),
    ].filter((fact): fact is string => Boolean(fact)),
  };
}

function overridesOf(t: Translate, version: TextVersion): string[] {
  const overrides = JSON.parse(version.overrides) as { rule: string; by_name: string; reason: string }[];
  return overrides.map(
    ({ rule, by_name, reason }) => `${rule}: ${t('texts.check.overridden', { name: by_name })} ${reason}`,
  );
}

/** The same paper as PDF, in a font that has every letter of the two languages and many more. */
export async function pdfOf(t: Translate, paper: Paper, name: string): Promise<Response> {
  const pdf = new PDFDocument({ size: 'A4', margin: 56, bufferPages: true, info: { Title: paper.title } });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
  });
  pdf.registerFont('text', font('DejaVuSans.ttf')).registerFont('bold', font('DejaVuSans-Bold.ttf'));
  pdf.registerFont('mono', font('DejaVuSansMono.ttf'));
  pdf.font('bold').fontSize(16).text(paper.title);
  pdf.font('text').fontSize(9).text(paper.made).moveDown(1.5);
  for (const text of paper.texts) drawText(pdf, text);
  if (paper.lines.lines.length > 0) {
    pdf.font('bold').fontSize(12).text(paper.lines.title).moveDown(0.3);
    for (const line of paper.lines.lines) pdf.font('text').fontSize(8.5).text(line).moveDown(0.2);
  }
  numberPages(pdf, t);
  pdf.end();
  return new Response(new Uint8Array(await done), {
    headers: { 'Content-Type': 'application/pdf', 'Content-Disposition': `inline; filename="${name}"` },
  });
}

function drawText(pdf: PDFKit.PDFDocument, text: PaperText): void {
  // A heading alone at the foot of a page belongs to nothing.
  if (pdf.y > pdf.page.height - 180) pdf.addPage();
  pdf.font('bold').fontSize(11).text(`${text.heading} (${text.state})`).moveDown(0.3);
  pdf.font('text').fontSize(11).text(text.wording).moveDown(0.3);
  pdf.font('mono').fontSize(7.5).text(`SHA-256 ${text.sha256}`).moveDown(0.2);
  for (const fact of text.facts) pdf.font('text').fontSize(8.5).text(fact);
  pdf.moveDown(1.2);
}

function numberPages(pdf: PDFKit.PDFDocument, t: Translate): void {
  const { count } = pdf.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    pdf.switchToPage(page);
    // The foot lies in the margin, where text would otherwise begin a new page.
    pdf.page.margins.bottom = 0;
    const words = t('texts.print.page', { page: page + 1, pages: count });
    pdf
      .font('text')
      .fontSize(8)
      .text(words, 56, pdf.page.height - 36, { lineBreak: false });
  }
}

function font(file: string): string {
  return createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`);
}

/** The last moment of a day on German clocks, or now when the day is today, to come, or none is given. */
export function momentOf(day: string | null, now: Date): { at: string; day: string; notADay: boolean } {
  const today = localOfIso(now.toISOString()).slice(0, 10);
  const end = isoOfLocal(`${day}T23:59:59`);
  // 31 February would be read as a day in March.
  const isDay = end !== undefined && localOfIso(end).slice(0, 10) === day;
  return isDay && day < today
    ? { at: end, day, notADay: false }
    : { at: now.toISOString(), day: today, notADay: Boolean(day) && !isDay };
}

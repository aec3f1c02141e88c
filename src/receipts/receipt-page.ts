/** The page of a receipt: what people read and keep. Everything fits on one sheet. */
import { dateTimeText, exactTimeText } from '#src/i18n/dates.ts';
import { translator } from '#src/i18n/translate.ts';
import { ink, mm, muted, type Pdf } from '#src/letters/letter-page.ts';
import { isConsent } from './dpv-terms.ts';
import { howText } from './how-text.ts';
import type { ReceiptFacts } from './receipt-facts.ts';
import { drawFoot, drawWays, heightOfWays } from './receipt-foot.ts';
import {
  footHeight,
  labels,
  left,
  type PrintableReceipt,
  pageMargins,
  rule,
  width,
} from './receipt-measures.ts';

export function titleOf(facts: ReceiptFacts): string {
  return translator(facts.locale)(`receipt.title.${isConsent(facts) ? 'consent' : 'other'}`);
}

export function drawReceipt(pdf: Pdf, receipt: PrintableReceipt): void {
  const { facts } = receipt;
  drawHead(pdf, receipt);
  drawState(pdf, facts);
  for (const [label, lines] of rowsOf(facts)) drawRow(pdf, label, lines);
  drawWords(pdf, facts, pdf.page.height - pageMargins.bottom - footHeight - heightOfWays(pdf, receipt));
  drawWays(pdf, receipt);
  drawFoot(pdf, receipt);
}

function drawHead(pdf: Pdf, { facts, document }: PrintableReceipt): void {
  const { controller, locale } = facts;
  const t = translator(locale);
  pdf.font('bold').fontSize(10).fillColor(ink).text(controller.legalName, left, pageMargins.top, { width });
  pdf.font('text').fontSize(8).fillColor(muted);
  pdf.text(`${controller.address} · ${controller.privacyEmail}`, { width });
  pdf.y += mm(9);
  pdf.font('bold').fontSize(19).fillColor(ink).text(titleOf(facts), left, pdf.y, { width });
  const issuedAt = exactTimeText(String(document['dct:created']), locale);
  pdf.font('text').fontSize(8.5).fillColor(muted);
  pdf.text(t('receipt.issued', { at: issuedAt }), left, pdf.y + 3, { width });
  pdf.y += mm(6);
}

/** The answer, in words and large, between two rules. */
function drawState(pdf: Pdf, { answer, state, since, locale, text }: ReceiptFacts): void {
  const t = translator(locale);
  rule(pdf, pdf.y);
  const top = pdf.y + mm(4);
  pdf.font('bold').fontSize(14).fillColor(ink);
  pdf.text(capitalised(answer), left, top, { width });
  const when = t(state === 'pending' ? 'receipt.asked' : 'receipt.since', {
    at: exactTimeText(since, locale),
  });
  pdf
    .font('text')
    .fontSize(9.5)
    .text(when, left, pdf.y + 1, { width });
  if (state === 'granted' && text?.invalidatedAt) {
    const at = dateTimeText(text.invalidatedAt, locale);
    pdf.font('bold').text(t('receipt.invalid', { at }), left, pdf.y + 2, { width });
  }
  pdf.y += mm(4);
  rule(pdf, pdf.y);
  pdf.y += mm(5);
}

function rowsOf(facts: ReceiptFacts): [label: string, lines: string][] {
  const { locale, purpose, channel, contactPoint, thirdParties, validUntil } = facts;
  const t = translator(locale);
  const recipients = thirdParties.map((party) => t('form.third_party', party)).join('\n');
  const rows: [string, string][] = [
    [t('receipt.purpose'), `${purpose.title}\n${purpose.promise}`],
    [t('receipt.channel'), `${t(`channel.${channel}`)}: ${contactPoint.typed.replaceAll('\n', ', ')}`],
    [t('receipt.basis'), t(`receipt.basis.${isConsent(facts) ? 'consent' : 'other'}`)],
    [t('receipt.recipients'), recipients],
    [t('receipt.valid_until'), validUntil ? dateTimeText(validUntil, locale) : ''],
    [t('receipt.how'), historyOf(facts)],
  ];
  return rows.filter(([, lines]) => lines !== '');
}

const shownEvents = 4;

function historyOf({ events, locale }: ReceiptFacts): string {
  const t = translator(locale);
  const shown = events.slice(-shownEvents);
  const lines = shown.map((event) =>
    t('receipt.how.one', {
      at: dateTimeText(event.occurredAt, locale),
      event: t(`event.${event.kind}`),
      how: howText(event, locale),
    }),
  );
  const earlier = events.length - shown.length;
  return [...lines.reverse(), ...(earlier > 0 ? [t('receipt.how.earlier', { count: earlier })] : [])].join(
    '\n',
  );
}

function drawRow(pdf: Pdf, label: string, lines: string): void {
  const top = pdf.y;
  pdf
    .font('text')
    .fontSize(8.5)
    .fillColor(muted)
    .text(label, left, top + 1, { width: labels - mm(4) });
  const below = pdf.y;
  pdf
    .fontSize(9.5)
    .fillColor(ink)
    .text(lines, left + labels, top, { width: width - labels, lineGap: 1.5 });
  pdf.y = Math.max(pdf.y, below) + mm(2.2);
}

/** The words as they were agreed to, as large as the page allows. */
function drawWords(pdf: Pdf, facts: ReceiptFacts, end: number): void {
  const t = translator(facts.locale);
  const consent = isConsent(facts);
  const words = consent ? facts.text?.wording : facts.ground.join(' ');
  if (!words) return;
  const heading = consent
    ? 'receipt.words'
    : facts.state === 'granted'
      ? 'receipt.ground'
      : 'receipt.ground_ended';
  pdf.y += mm(1.5);
  pdf.font('bold').fontSize(9.5).fillColor(ink).text(t(heading), left, pdf.y, { width });
  const top = pdf.y + 4;
  const room = (size: number) => ({ width: width - mm(5), lineGap: size / 10 });
  const height = (size: number) => pdf.font('text').fontSize(size).heightOfString(words, room(size));
  const size = sizes.find((one) => height(one) < end - top - 18) ?? smallest;
  pdf.font('text').fontSize(size).fillColor(ink);
  pdf.text(words, left + mm(5), top, room(size));
  pdf
    .moveTo(left + 1, top)
    .lineTo(left + 1, pdf.y - 2)
    .lineWidth(2)
    .stroke(accent);
  if (consent && facts.text) {
    pdf.fontSize(7).fillColor(muted);
    pdf.text(t('receipt.words.ref', { ref: facts.text.ref }), left + mm(5), pdf.y + 2, { width });
  }
  pdf.y += mm(4);
}

/** In points. The smallest has room for 5,000 characters, which no wording exceeds. */
const sizes = [10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6, 5.5, 5, 4.5];
const smallest = 4;
const accent = '#0b5f43';

function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

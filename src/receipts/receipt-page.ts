/** The page of a receipt: what people read and keep. Everything fits on one sheet. */
import { dateTimeText, exactTimeText } from '#src/i18n/dates.ts';
import { numberText } from '#src/i18n/numbers.ts';
import { translator } from '#src/i18n/translate.ts';
import { drawCode, ink, mm, muted, type Pdf } from '#src/letters/letter-page.ts';
import { paths } from '#src/routes.ts';
import type { LogEvidence } from '#src/verifier/log-evidence.ts';
import { isConsent } from './dpv-terms.ts';
import { howText } from './how-text.ts';
import type { ReceiptFacts } from './receipt-facts.ts';

export interface PrintableReceipt {
  facts: ReceiptFacts;
  /** As it is signed. */
  document: Record<string, unknown> & { log?: LogEvidence | null };
  issuer: string;
}

/** The file in the PDF that holds the JWS. */
export const attachmentName = 'receipt.jws';

export const pageMargins = { top: mm(20), bottom: mm(16), left: mm(22), right: mm(22) };
const left = pageMargins.left;
const width = mm(210) - pageMargins.left - pageMargins.right;
const labels = mm(40);
const footHeight = mm(38);
const codeSize = mm(26);

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
  const room = { width: width - mm(5), lineGap: 1 };
  const size = sizes.find(
    (one) => pdf.font('text').fontSize(one).heightOfString(words, room) < end - top - 18,
  );
  pdf
    .font('text')
    .fontSize(size ?? 5)
    .fillColor(ink)
    .text(words, left + mm(5), top, room);
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
const sizes = [10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6, 5.5];
const accent = '#0b5f43';

function waysOf({ facts, issuer }: PrintableReceipt): { heading: string; text: string } {
  const t = translator(facts.locale);
  const holds = facts.state === 'granted' || facts.state === 'pending';
  const way = !holds ? 'ended' : isConsent(facts) ? 'withdraw' : 'object';
  const values = { url: `${issuer}${paths.preferencesRequest()}`, email: facts.controller.privacyEmail };
  return { heading: t(`receipt.${way}`), text: t(`receipt.${way}.text`, values) };
}

function heightOfWays(pdf: Pdf, receipt: PrintableReceipt): number {
  pdf.font('text').fontSize(9.5);
  return pdf.heightOfString(waysOf(receipt).text, { width, lineGap: 1.5 }) + mm(14);
}

function drawWays(pdf: Pdf, receipt: PrintableReceipt): void {
  const { facts } = receipt;
  const { heading, text } = waysOf(receipt);
  const { notice } = facts.controller;
  pdf.font('bold').fontSize(9.5).fillColor(ink).text(heading, left, pdf.y, { width });
  pdf.font('text').text(text, left, pdf.y + 2, { width, lineGap: 1.5 });
  pdf.fontSize(7).fillColor(muted);
  pdf.text(translator(facts.locale)('receipt.privacy', notice), left, pdf.y + 2, { width });
}

/** How to check it, and where the log has it. The code holds the address of the page and nothing else. */
function drawFoot(pdf: Pdf, { facts, document, issuer }: PrintableReceipt): void {
  const { locale } = facts;
  const t = translator(locale);
  const url = `${issuer}${paths.verify()}`;
  const top = pdf.page.height - pageMargins.bottom - footHeight;
  pdf.page.margins.bottom = 0;
  rule(pdf, top);
  drawCode(pdf, url, left, top + mm(5), codeSize);
  const column = left + codeSize + mm(7);
  const room = { width: width - codeSize - mm(7), lineGap: 1.5 };
  pdf
    .font('bold')
    .fontSize(9.5)
    .fillColor(ink)
    .text(t('receipt.check'), column, top + mm(5), room);
  const check = `${t('receipt.check.text', { url })} ${t('receipt.check.attached', { name: attachmentName })}`;
  pdf
    .font('text')
    .fontSize(8.5)
    .text(check, column, pdf.y + 1, room);
  pdf.fontSize(7).fillColor(muted);
  const lines = [
    logLine(document.log, locale),
    t('receipt.number', { number: String(document['dct:identifier']) }),
  ];
  pdf.text(lines.join('\n'), column, pdf.y + 3, room);
}

function logLine(log: PrintableReceipt['document']['log'], locale: ReceiptFacts['locale']): string {
  const t = translator(locale);
  const index = log?.entries[0]?.index;
  if (!log || index === undefined) return t('receipt.log.none');
  return t('receipt.log.place', {
    index: numberText(index, locale),
    size: numberText(log.size, locale),
    root: `${log.root.slice(0, 16)}…`,
    at: dateTimeText(log.signed_at, locale),
  });
}

function rule(pdf: Pdf, y: number): void {
  pdf
    .moveTo(left, y)
    .lineTo(left + width, y)
    .lineWidth(0.5)
    .stroke(muted);
}

function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

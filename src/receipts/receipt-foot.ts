/** The lower part of a receipt: what the person can do, and how anyone checks it. */
import { dateTimeText } from '#src/i18n/dates.ts';
import { numberText } from '#src/i18n/numbers.ts';
import { translator } from '#src/i18n/translate.ts';
import { drawCode, ink, mm, muted, type Pdf } from '#src/letters/letter-page.ts';
import { paths } from '#src/routes.ts';
import { isConsent } from './dpv-terms.ts';
import type { ReceiptFacts } from './receipt-facts.ts';
import {
  attachmentName,
  codeSize,
  footHeight,
  left,
  type PrintableReceipt,
  pageMargins,
  rule,
  width,
} from './receipt-measures.ts';

function waysOf({ facts, issuer }: PrintableReceipt): { heading: string; text: string } {
  const t = translator(facts.locale);
  const holds = facts.state === 'granted' || facts.state === 'pending';
  const way = !holds ? 'ended' : isConsent(facts) ? 'withdraw' : 'object';
  const values = { url: `${issuer}${paths.preferencesRequest()}`, email: facts.controller.privacyEmail };
  return { heading: t(`receipt.${way}`), text: t(`receipt.${way}.text`, values) };
}

export function heightOfWays(pdf: Pdf, receipt: PrintableReceipt): number {
  pdf.font('text').fontSize(9.5);
  return pdf.heightOfString(waysOf(receipt).text, { width, lineGap: 1.5 }) + mm(14);
}

export function drawWays(pdf: Pdf, receipt: PrintableReceipt): void {
  const { facts } = receipt;
  const { heading, text } = waysOf(receipt);
  const { notice } = facts.controller;
  pdf.font('bold').fontSize(9.5).fillColor(ink).text(heading, left, pdf.y, { width });
  pdf.font('text').text(text, left, pdf.y + 2, { width, lineGap: 1.5 });
  pdf.fontSize(7).fillColor(muted);
  pdf.text(translator(facts.locale)('receipt.privacy', notice), left, pdf.y + 2, { width });
}

/** How to check it, and where the log has it. The code holds the address of the page and nothing else. */
export function drawFoot(pdf: Pdf, { facts, document, issuer }: PrintableReceipt): void {
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

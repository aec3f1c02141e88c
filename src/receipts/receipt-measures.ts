/** The sheet of a receipt: A4, one column, a foot at the bottom. */
import { mm, muted, type Pdf } from '#src/letters/letter-page.ts';
import type { LogEvidence } from '#src/verifier/log-evidence.ts';
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
export const left = pageMargins.left;
export const width = mm(210) - pageMargins.left - pageMargins.right;
export const labels = mm(40);
export const footHeight = mm(38);
export const codeSize = mm(26);

export function rule(pdf: Pdf, y: number): void {
  pdf
    .moveTo(left, y)
    .lineTo(left + width, y)
    .lineWidth(0.5)
    .stroke(muted);
}

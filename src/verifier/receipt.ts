/**
 * Says whether a receipt is genuine: who signed it, whether it is as it was signed, and whether the log holds what it says.
 * Nothing but WebCrypto: the same code runs on the server, at the command line and in the browser.
 */
import { type Bytes, textOf } from './bytes.ts';
import { parseObject } from './dossier-leaves.ts';
import { isSignedBy, type PublicKey } from './jws.ts';
import { type CheckedEvidence, checkLogEvidence, type LogEvidence } from './log-evidence.ts';
import { type ReceiptContent, readReceiptContent } from './receipt-content.ts';
import { readReceiptFile } from './receipt-file.ts';

/** What the verifier believes: the keys of the company that the receipt is about. */
export interface TrustedKeys {
  /** As `/.well-known/jawort/jwks.json` has them. */
  receipts: PublicKey[];
  /** As `/.well-known/jawort/keys` has them, one a line. */
  log: string[];
}

export type ReceiptVerdict =
  | 'genuine'
  /** Not as it was signed. */
  | 'changed'
  /** The record in the PDF is genuine; its pages are not those that were made for it. */
  | 'page_changed'
  | 'unknown_key'
  /** Signed before the key was made or after it was retired. */
  | 'wrong_time'
  /** What the log says of it is missing, changed, or about something else. */
  | 'not_in_log'
  | 'unreadable'
  | 'no_receipt_in_pdf'
  | 'old_format';

export interface ReceiptReport {
  verdict: ReceiptVerdict;
  /** Of one that an unknown key signed: who issued it, as it says itself. */
  issuer?: string;
  /** What the receipt says, where its signature fits. */
  content?: ReceiptContent;
  /** Where the log has it. Null: it was issued where no log is signed. */
  log?: Pick<LogEvidence, 'size' | 'root' | 'signed_at'> & { index: number; origin: string };
}

export async function verifyReceipt(file: Bytes, trusted: TrustedKeys): Promise<ReceiptReport> {
  const read = await readReceiptFile(file);
  if (read.outcome !== 'read') return { verdict: read.outcome };
  const { jws, page } = read;
  const document = parseObject(textOf(jws.payload) ?? '');
  const content = document && readReceiptContent(document);
  if (!document || !content) return { verdict: 'unreadable' };
  const key = trusted.receipts.find(({ kid }) => kid !== undefined && kid === jws.header.kid);
  if (!key) return { verdict: 'unknown_key', issuer: content.issuer };
  if (!(await isSignedBy(jws, key))) return { verdict: 'changed' };
  if (!isInTime(content.createdAt, key)) return { verdict: 'wrong_time', content };
  const evidence =
    document.log === null || document.log === undefined
      ? undefined
      : await checkLogEvidence(document, key, trusted.log);
  if (evidence?.outcome === 'refused') return { verdict: 'not_in_log', content };
  if (page && page.sha256 !== jws.header.page_sha256) return { verdict: 'page_changed', content };
  return { verdict: 'genuine', content, ...(evidence && { log: placeOf(evidence) }) };
}

function placeOf({ evidence, index, origin }: Extract<CheckedEvidence, { outcome: 'proven' }>) {
  const { size, root, signed_at } = evidence;
  return { index, origin, size, root, signed_at };
}

/** To the second, as keys are listed. */
function isInTime(createdAt: string, { iat, exp }: PublicKey): boolean {
  const at = Math.floor(Date.parse(createdAt) / 1000);
  return Number.isFinite(at) && at >= (iat ?? 0) && at <= (exp ?? Number.POSITIVE_INFINITY);
}

/** Reads a receipt out of the files that it comes as: JWS, JSON with its signature, and PDF with the JWS attached. */
import { type Bytes, binaryText, sha256, textOf, toBase64Url, utf8 } from './bytes.ts';
import { canonicalJson } from './canonical-json.ts';
import { parseObject } from './dossier-leaves.ts';
import { type Jws, readJws } from './jws.ts';

export type ReadReceipt =
  | { outcome: 'read'; jws: Jws; page: Page | undefined }
  /** A receipt of an earlier version of Jawort. */
  | { outcome: 'old_format' }
  | { outcome: 'no_receipt_in_pdf' }
  | { outcome: 'unreadable' };

/** The pages of a PDF, without the JWS in it. */
interface Page {
  /** SHA-256 as base64url, where each character of the JWS is read as `blank`. */
  sha256: string;
}

/** Stands in the PDF while its hash is taken, as many times as the JWS is long. */
export const blank = 'x';

/** What no receipt is longer than. */
const mostBytes = 5_000_000;

export async function readReceiptFile(file: Bytes): Promise<ReadReceipt> {
  if (file.length > mostBytes) return { outcome: 'unreadable' };
  if (binaryText(file.subarray(0, 5)) === '%PDF-') return readPdf(file);
  const text = (textOf(file) ?? '').trim();
  const compact = text.startsWith('{') ? compactOf(parseObject(text)) : text;
  if (compact === 'old_format') return { outcome: 'old_format' };
  const jws = readJws(compact ?? '');
  return jws ? { outcome: 'read', jws, page: undefined } : { outcome: 'unreadable' };
}

/**
 * The JSON of a receipt has a detached signature (RFC 7515, Appendix F) over its canonical form without `jws`. Flattened JWS
 * (section 7.2.2) are read as well.
 */
function compactOf(document: Record<string, unknown> | undefined): string | undefined {
  if (!document) return undefined;
  if (document.type === 'jawort/receipt/1') return 'old_format';
  const { jws, ...signed } = document;
  if (typeof jws === 'string') {
    const [header, payload, signature] = jws.split('.');
    return payload === ''
      ? [header, toBase64Url(utf8(canonicalJson(signed))), signature].join('.')
      : undefined;
  }
  const parts = [document.protected, document.payload, document.signature];
  return parts.every((part) => typeof part === 'string') ? parts.join('.') : undefined;
}

async function readPdf(file: Bytes): Promise<ReadReceipt> {
  const found = /\bstream\r?\n(eyJ[\w-]+\.[\w-]+\.[\w-]+)/.exec(binaryText(file));
  const jws = found && readJws(found[1] ?? '');
  if (!found || !jws) return { outcome: 'no_receipt_in_pdf' };
  const length = found[1]?.length ?? 0;
  const start = found.index + found[0].length - length;
  const blanked = file.slice().fill(blank.charCodeAt(0), start, start + length);
  return { outcome: 'read', jws, page: { sha256: toBase64Url(await sha256(blanked)) } };
}

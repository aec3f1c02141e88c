import { CompactSign } from 'jose';
import { paths } from '#src/routes.ts';
import { canonicalJson } from '#src/verifier/canonical-json.ts';
import type { ReceiptKey } from './receipt-keys.ts';

/**
 * The JWS of a receipt (RFC 7515, EdDSA of RFC 8037), compact. Its payload is the canonical JSON (RFC 8785) of the document.
 *
 * @param pageHash of a PDF: SHA-256 of its bytes as base64url, see `verifier/receipt-file.ts`
 */
export async function sealReceipt(
  document: Record<string, unknown>,
  { kid, privateKey }: ReceiptKey,
  issuer: string,
  pageHash?: string,
): Promise<string> {
  const payload = new TextEncoder().encode(canonicalJson(document));
  const header = { alg: 'EdDSA', kid, jku: `${issuer}${paths.receiptKeys()}`, cty: 'ld+json' };
  return new CompactSign(payload)
    .setProtectedHeader(pageHash ? { ...header, page_sha256: pageHash } : header)
    .sign(privateKey);
}

/** The same as readable JSON: the document, and the JWS without its payload (RFC 7515, Appendix F). */
export function sealedJson(document: Record<string, unknown>, jws: string): string {
  const [header, , signature] = jws.split('.');
  return `${JSON.stringify({ ...document, jws: `${header}..${signature}` }, null, 2)}\n`;
}

/** JSON Web Signatures (RFC 7515) in their compact form, signed with Ed25519 (RFC 8037). */
import { type Bytes, fromBase64Url, isEd25519, textOf, utf8 } from './bytes.ts';
import { parseObject } from './dossier-leaves.ts';

export interface Jws {
  header: Record<string, unknown>;
  payload: Bytes;
  signature: Bytes;
  /** What is signed. */
  input: Bytes;
}

/** A public key as a JWKS has it (RFC 7517, RFC 8037). Times in seconds. */
export interface PublicKey {
  kty?: string;
  crv?: string;
  kid?: string;
  x?: string;
  use?: string;
  alg?: string;
  /** Since when it signs, and when it was retired. */
  iat?: number;
  exp?: number;
}

/** `undefined` when the text is no JWS. Whether it is genuine is for `isSignedBy` to say. */
export function readJws(text: string): Jws | undefined {
  const [, head = '', body = '', tail = ''] = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(text) ?? [];
  const [header, payload, signature] = [fromBase64Url(head), fromBase64Url(body), fromBase64Url(tail)];
  const read = header && parseObject(textOf(header) ?? '');
  if (!read || !payload || !signature) return undefined;
  return { header: read, payload, signature, input: utf8(`${head}.${body}`) };
}

/** Only Ed25519: what the header names decides nothing else. */
export async function isSignedBy(jws: Jws, key: PublicKey): Promise<boolean> {
  const { alg } = jws.header;
  const x = key.kty === 'OKP' && key.crv === 'Ed25519' ? fromBase64Url(key.x ?? '') : undefined;
  if ((alg !== 'EdDSA' && alg !== 'Ed25519') || jws.header.crit !== undefined || x?.length !== 32)
    return false;
  return isEd25519(x, jws.input, jws.signature);
}

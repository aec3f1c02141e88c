import { type Der, hex, inside, readDer, required, tags } from './der.ts';

/** A time stamp (RFC 3161) as its service answered, taken apart. Object identifiers and numbers are hex of their content. */
export interface Stamp {
  /** The time in the stamp. */
  at: Date;
  imprint: { algorithm: string; hash: Uint8Array<ArrayBuffer> };
  /** What the signature covers: the statement itself, by its digest in the signed attributes. */
  statement: Uint8Array<ArrayBuffer>;
  attributes: { signed: Uint8Array<ArrayBuffer>; byType: Map<string, Der> };
  digestAlgorithm: string;
  signatureAlgorithm: string;
  signature: Uint8Array<ArrayBuffer>;
  signer: StampSigner;
}

export interface StampSigner {
  certificate: Uint8Array<ArrayBuffer>;
  /** SubjectPublicKeyInfo. */
  publicKey: Uint8Array<ArrayBuffer>;
}

const signedData = '2a864886f70d010702';
export const timeStampContent = '2a864886f70d0109100104';

/** Throws an Error with one sentence for an answer that holds no stamp. */
export function readStamp(answer: Uint8Array<ArrayBuffer>): Stamp {
  const [status, token] = inside(readDer(answer));
  const granted = status && hex(required(inside(status), tags.integer).content);
  if ((granted !== '00' && granted !== '01') || !token) throw new Error('The service refused to stamp.');
  const [type, body] = inside(token);
  if (!type || !body || hex(type.content) !== signedData) throw new Error('The stamp is not signed.');
  const parts = inside(readDer(body.content));
  const [contentType, content] = inside(required(parts, tags.sequence));
  if (!contentType || !content || hex(contentType.content) !== timeStampContent)
    throw new Error('What is signed is no time stamp.');
  const statement = required(inside(content), tags.octets).content;
  const [signerInfo, ...others] = inside(parts.at(-1) ?? content);
  if (!signerInfo || others.length > 0) throw new Error('The stamp has not one signer.');
  const certificates = inside(required(parts, tags.zero));
  return { ...readStatement(statement), statement, ...readSigner(inside(signerInfo), certificates) };
}

function readStatement(statement: Uint8Array<ArrayBuffer>): Pick<Stamp, 'at' | 'imprint'> {
  const parts = inside(readDer(statement));
  const [algorithm, hash] = inside(required(parts, tags.sequence));
  if (!algorithm || !hash) throw new Error('The stamp says no hash.');
  const text = new TextDecoder().decode(required(parts, tags.time).content);
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d(?:\.\d+)?)Z$/.exec(text) ?? [];
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(at.getTime())) throw new Error('The stamp says no time.');
  return {
    at,
    imprint: { algorithm: hex(required(inside(algorithm), tags.oid).content), hash: hash.content },
  };
}

function readSigner(parts: Der[], certificates: Der[]): Omit<Stamp, 'at' | 'imprint' | 'statement'> {
  const [, name, digest, attributes, algorithm, signature] = parts;
  if (!name || !digest || attributes?.tag !== tags.zero || !algorithm || !signature)
    throw new Error('The signature of the stamp lacks a part.');
  // What is signed is the SET itself, not the tag that stands for it in the message (RFC 5652, section 5.4).
  const signed = Uint8Array.from(attributes.whole);
  signed[0] = tags.set;
  const byType = new Map<string, Der>();
  for (const attribute of inside(attributes)) {
    const [type, values] = inside(attribute);
    const value = values && inside(values)[0];
    if (type && value) byType.set(hex(type.content), value);
  }
  return {
    attributes: { signed, byType },
    digestAlgorithm: hex(required(inside(digest), tags.oid).content),
    signatureAlgorithm: hex(required(inside(algorithm), tags.oid).content),
    signature: signature.content,
    signer: findSigner(name, certificates),
  };
}

/** The certificate with the issuer and number that the signature names. */
function findSigner(name: Der, certificates: Der[]): StampSigner {
  const [issuer, number] = name.tag === tags.sequence ? inside(name) : [];
  for (const certificate of certificates) {
    const [body] = inside(certificate);
    const fields = body ? inside(body).filter(({ tag }) => tag < tags.zero) : [];
    const [serial, , by, , , key] = fields;
    if (!issuer || !number || !serial || !by || !key) continue;
    if (hex(by.whole) === hex(issuer.whole) && hex(serial.content) === hex(number.content))
      return { certificate: certificate.whole, publicKey: key.whole };
  }
  throw new Error('The certificate of its signer is not in the stamp.');
}

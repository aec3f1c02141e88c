/**
 * Checks a time stamp (RFC 3161) with WebCrypto and nothing else: what it stamps, and its signature. The same code runs in the
 * server, in a browser and in the verifier of a dossier. Whether its signer may be trusted is checked where the roots are known.
 */
import { type Der, hex, inside, readDer, tags } from './der.ts';
import { readStamp, type Stamp, timeStampContent } from './read-stamp.ts';

export type VerifiedStamp =
  | { outcome: 'genuine'; at: Date; certificate: Uint8Array<ArrayBuffer> }
  /** One sentence. */
  | { outcome: 'not_genuine' | 'unreadable'; problem: string };

/** @param data what was stamped, whole: the signed note of a checkpoint */
export async function verifyStamp(
  answer: Uint8Array<ArrayBuffer>,
  data: Uint8Array<ArrayBuffer>,
): Promise<VerifiedStamp> {
  try {
    const stamp = readStamp(answer);
    const problem = await problemOf(stamp, data);
    return problem
      ? { outcome: 'not_genuine', problem }
      : { outcome: 'genuine', at: stamp.at, certificate: stamp.signer.certificate };
  } catch (error) {
    // WebCrypto refuses a key that is none.
    return { outcome: 'unreadable', problem: error instanceof Error ? error.message : String(error) };
  }
}

const sha256 = '608648016503040201';
const hashes: Record<string, string> = {
  [sha256]: 'SHA-256',
  '608648016503040202': 'SHA-384',
  '608648016503040203': 'SHA-512',
};
/** Signature algorithms with their hash; RSA without one takes that of the message. */
const rsa: Record<string, string | undefined> = {
  '2a864886f70d010101': undefined,
  '2a864886f70d01010b': 'SHA-256',
  '2a864886f70d01010c': 'SHA-384',
  '2a864886f70d01010d': 'SHA-512',
};
const ecdsa: Record<string, string> = {
  '2a8648ce3d040302': 'SHA-256',
  '2a8648ce3d040303': 'SHA-384',
  '2a8648ce3d040304': 'SHA-512',
};
/** Curves, and the bytes of a number in their signatures. */
const curves: Record<string, { name: string; bytes: number }> = {
  '2a8648ce3d030107': { name: 'P-256', bytes: 32 },
  '2b81040022': { name: 'P-384', bytes: 48 },
  '2b81040023': { name: 'P-521', bytes: 66 },
};
const messageDigest = '2a864886f70d010904';
const contentType = '2a864886f70d010903';

async function problemOf(stamp: Stamp, data: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  const { imprint, attributes, digestAlgorithm } = stamp;
  if (imprint.algorithm !== sha256 || !(await isHashOf(imprint.hash, 'SHA-256', data)))
    return 'It stamps something else.';
  const hash = hashes[digestAlgorithm];
  if (!hash) return 'Its hash function is not one that is read here.';
  const digest = attributes.byType.get(messageDigest)?.content ?? new Uint8Array();
  if (!(await isHashOf(digest, hash, stamp.statement))) return 'Its statement was changed.';
  if (hex(attributes.byType.get(contentType)?.content ?? new Uint8Array()) !== timeStampContent)
    return 'What it signs is no time stamp.';
  return (await isSigned(stamp, hash)) ? undefined : 'Its signature does not fit.';
}

async function isHashOf(hash: Uint8Array, name: string, data: Uint8Array<ArrayBuffer>): Promise<boolean> {
  return hex(new Uint8Array(await crypto.subtle.digest(name, data))) === hex(hash);
}

async function isSigned(
  { signatureAlgorithm, signature, signer, attributes }: Stamp,
  hash: string,
): Promise<boolean> {
  const { subtle } = crypto;
  const key = (algorithm: RsaHashedImportParams | EcKeyImportParams) =>
    subtle.importKey('spki', signer.publicKey, algorithm, false, ['verify']);
  if (signatureAlgorithm in rsa) {
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: rsa[signatureAlgorithm] ?? hash };
    return subtle.verify(algorithm.name, await key(algorithm), signature, attributes.signed);
  }
  const curve = curveOf(signer.publicKey);
  const curveHash = ecdsa[signatureAlgorithm];
  if (!curve || !curveHash) return false;
  const raw = rawSignature(signature, curve.bytes);
  const algorithm = { name: 'ECDSA', namedCurve: curve.name };
  return (
    raw !== undefined &&
    subtle.verify({ name: 'ECDSA', hash: curveHash }, await key(algorithm), raw, attributes.signed)
  );
}

function curveOf(publicKey: Uint8Array<ArrayBuffer>) {
  const [algorithm] = inside(readDer(publicKey));
  const parameters: Der | undefined = algorithm && inside(algorithm)[1];
  return parameters?.tag === tags.oid ? curves[hex(parameters.content)] : undefined;
}

/** WebCrypto wants both numbers side by side, each as long as the curve. */
function rawSignature(
  signature: Uint8Array<ArrayBuffer>,
  bytes: number,
): Uint8Array<ArrayBuffer> | undefined {
  const numbers = inside(readDer(signature)).map(({ content }) => content.subarray(content[0] === 0 ? 1 : 0));
  const [r, s] = numbers;
  if (!r || !s || r.length > bytes || s.length > bytes) return undefined;
  const raw = new Uint8Array(bytes * 2);
  raw.set(r, bytes - r.length);
  raw.set(s, bytes * 2 - s.length);
  return raw;
}

/** Asks a time-stamping service (RFC 3161) for a stamp, and checks the answer before anybody keeps it. */
import { createHash, randomBytes } from 'node:crypto';
import * as asn1js from 'asn1js';
import {
  AlgorithmIdentifier,
  type Certificate,
  MessageImprint,
  SignedData,
  TimeStampReq,
  TimeStampResp,
  TSTInfo,
} from 'pkijs';
import { readBriefly } from './read-briefly.ts';
import { verifyStamp } from './verify-stamp.ts';

export type StampResult =
  | { outcome: 'stamped'; at: Date; tsr: Uint8Array }
  /** One sentence. */
  | { outcome: 'failed'; problem: string };

const sha256 = '2.16.840.1.101.3.4.2.1';

/** @param roots certificates that a signer of stamps has to descend from */
export async function requestStamp(
  { url, roots }: { url: string; roots: Certificate[] },
  note: string,
  signal: AbortSignal,
): Promise<StampResult> {
  const nonce = randomNonce();
  const answer = await readBriefly(
    url,
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/timestamp-query', Accept: 'application/timestamp-reply' },
      body: timeStampQuery(note, nonce),
    },
    signal,
  );
  if (answer.outcome === 'failed') return answer;
  if (answer.status !== 200) return failed(`It answered with status ${answer.status}.`);
  return checkStamp(new Uint8Array(answer.body), { note, nonce, roots });
}

/** What is kept has passed the library and the code that a dossier carries: who gets the stamp can check it too. */
export async function checkStamp(
  tsr: Uint8Array<ArrayBuffer>,
  { note, nonce, roots }: { note: string; nonce: Buffer; roots: Certificate[] },
): Promise<StampResult> {
  const data = new Uint8Array(Buffer.from(note));
  const verified = await verifyStamp(tsr, data);
  if (verified.outcome !== 'genuine') return failed(`Its answer is no good. ${verified.problem}`);
  try {
    const { timeStampToken } = TimeStampResp.fromBER(tsr);
    const signed = new SignedData({ schema: timeStampToken?.content });
    const statement = TSTInfo.fromBER(signed.encapContentInfo.eContent?.getValue() ?? new ArrayBuffer(0));
    if (!nonce.equals(numberOf(statement.nonce)))
      return failed('Its answer is to another question: the nonce differs.');
    const { signatureVerified, signerCertificate } = await signed.verify({
      signer: 0,
      data: data.buffer,
      trustedCerts: roots,
      checkChain: true,
      extendedMode: true,
    });
    if (!signatureVerified || !signerCertificate) return failed('Its signature does not fit.');
    if (!mayStamp(signerCertificate)) return failed('Its certificate is not one for time stamps.');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed(`Its certificate does not lead to TSA_ROOTS, or cannot be read: ${reason}`);
  }
  return { outcome: 'stamped', at: verified.at, tsr };
}

function failed(problem: string): StampResult {
  return { outcome: 'failed', problem };
}

/** A positive number whose DER is exactly these bytes. */
function randomNonce(): Buffer {
  const nonce = randomBytes(9);
  nonce[0] = 1 + ((nonce[0] ?? 0) % 127);
  return nonce;
}

function numberOf(value: asn1js.Integer | undefined): Buffer {
  return Buffer.from(value?.valueBlock.valueHexView ?? []);
}

function timeStampQuery(note: string, nonce: Buffer): Uint8Array<ArrayBuffer> {
  const hash = createHash('sha256').update(note).digest();
  const query = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: sha256 }),
      hashedMessage: new asn1js.OctetString({ valueHex: new Uint8Array(hash).buffer }),
    }),
    nonce: new asn1js.Integer({ valueHex: new Uint8Array(nonce).buffer }),
    certReq: true,
  });
  return new Uint8Array(query.toSchema().toBER());
}

const extendedKeyUsage = '2.5.29.37';
const timeStamping = '1.3.6.1.5.5.7.3.8';

/** RFC 3161, section 2.3: only for this, and no reader may ignore that. */
function mayStamp({ extensions = [] }: Certificate): boolean {
  const usage = extensions.find(({ extnID }) => extnID === extendedKeyUsage);
  const purposes: unknown = usage?.parsedValue?.keyPurposes;
  return (
    usage?.critical === true &&
    Array.isArray(purposes) &&
    purposes.length === 1 &&
    purposes[0] === timeStamping
  );
}

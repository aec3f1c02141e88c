/** What a witness says of a checkpoint: that the log only grew, and when it saw that (C2SP tlog-cosignature, Ed25519). */
import { sign, verify } from 'node:crypto';
import {
  cosignatureType,
  type NoteSigner,
  type NoteVerifier,
  readVerifier,
  signatureLine,
  splitNote,
  verifierOf,
} from './signed-note.ts';

export interface Cosignature {
  witness: NoteVerifier;
  /** When the witness signed, by its own clock. */
  at: Date;
  /** The line under the signed note, with its line break. */
  line: string;
}

export function readWitnessKey(text: string): NoteVerifier | undefined {
  return readVerifier(text, cosignatureType);
}

/** The line to put under the note. */
export function cosign(noteText: string, witness: NoteSigner, at: Date): string {
  const seconds = BigInt(Math.floor(at.getTime() / 1000));
  const signature = sign(null, cosignedMessage(noteText, seconds), witness.key);
  const { name, id } = verifierOf(witness, cosignatureType);
  return signatureLine(name, id, Buffer.concat([timestampBytes(seconds), signature]));
}

/**
 * The cosignatures of these witnesses under a note. Lines of other keys are ignored, as the specification says.
 * `undefined` when the text is no note, or a line of one of them does not fit.
 */
export function readCosignatures(note: string, witnesses: NoteVerifier[]): Cosignature[] | undefined {
  const parts = splitNote(note);
  if (!parts) return undefined;
  const found: Cosignature[] = [];
  for (const { name, id, signature } of parts.signatures) {
    const witness = witnesses.find((one) => one.name === name && one.id === id);
    if (!witness) continue;
    if (signature.length !== timestampLength + signatureLength) return undefined;
    const seconds = signature.readBigUInt64BE();
    const message = cosignedMessage(parts.text, seconds);
    const fits = verify(null, message, witness.key, signature.subarray(timestampLength));
    if (!fits || seconds === 0n || seconds > lastSecond) return undefined;
    found.push({ witness, at: new Date(Number(seconds) * 1000), line: signatureLine(name, id, signature) });
  }
  return found;
}

const timestampLength = 8;
const signatureLength = 64;
/** The last moment that a date can hold here: the year 9999. */
const lastSecond = 253_402_300_799n;

function cosignedMessage(noteText: string, seconds: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${noteText}`);
}

function timestampBytes(seconds: bigint): Buffer {
  const bytes = Buffer.alloc(timestampLength);
  bytes.writeBigUInt64BE(seconds);
  return bytes;
}

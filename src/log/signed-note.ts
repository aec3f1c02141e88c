/** Signed notes (C2SP signed-note) with Ed25519: a text, and lines that say which key signed it. */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** A key that signs; its public half is known under a name. */
export interface NoteSigner {
  name: string;
  key: KeyObject;
}

/** What is known of a key that signs. `id` is the start of a hash over name, type and key. */
export interface NoteVerifier {
  name: string;
  id: number;
  key: KeyObject;
}

export type OpenedNote =
  | { outcome: 'opened'; text: string; signedBy: NoteVerifier[] }
  /** It is no note, or none of the keys has signed it. */
  | { outcome: 'not_a_note' }
  | { outcome: 'unknown_key' }
  /** A key that we know is named, and its signature does not fit the text. */
  | { outcome: 'wrong_signature' };

/** @param text ends with a line break and has no empty line at its end */
export function signNote(text: string, signers: NoteSigner[]): string {
  const lines = signers.map((signer) => {
    const { id } = verifierOf(signer);
    return signatureLine(signer.name, id, sign(null, Buffer.from(text), signer.key));
  });
  return `${text}\n${lines.join('')}`;
}

export function signatureLine(name: string, id: number, signature: Uint8Array): string {
  const idBytes = Buffer.alloc(4);
  idBytes.writeUInt32BE(id);
  return `— ${name} ${Buffer.concat([idBytes, signature]).toString('base64')}\n`;
}

/** Signatures of keys that are not among `verifiers` are ignored, as the specification says. */
export function openNote(note: string, verifiers: NoteVerifier[]): OpenedNote {
  const parts = splitNote(note);
  if (!parts) return { outcome: 'not_a_note' };
  const signedBy: NoteVerifier[] = [];
  for (const { name, id, signature } of parts.signatures) {
    const verifier = verifiers.find((one) => one.name === name && one.id === id);
    if (!verifier) continue;
    if (!verify(null, Buffer.from(parts.text), verifier.key, signature))
      return { outcome: 'wrong_signature' };
    signedBy.push(verifier);
  }
  return signedBy.length > 0 ? { outcome: 'opened', text: parts.text, signedBy } : { outcome: 'unknown_key' };
}

export interface NoteSignature {
  name: string;
  id: number;
  /** Without the four bytes of the id. */
  signature: Buffer;
}

/** `undefined` when the text is no note. */
export function splitNote(note: string): { text: string; signatures: NoteSignature[] } | undefined {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n') || note.length > mostCharacters || /[^\P{Cc}\n]/u.test(note))
    return undefined;
  const lines = note.slice(end + 2, -1).split('\n');
  const signatures = lines.map(readSignatureLine);
  return signatures.every((one) => one !== undefined)
    ? { text: note.slice(0, end + 1), signatures }
    : undefined;
}

/** Room for sixteen signatures of the largest kind. */
const mostCharacters = 200_000;

function readSignatureLine(line: string): NoteSignature | undefined {
  const [, name, encoded] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
  if (name === undefined || encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length < 5 || bytes.toString('base64') !== encoded) return undefined;
  return { name, id: bytes.readUInt32BE(), signature: bytes.subarray(4) };
}

/** The signature types of Ed25519: of a note by its author, and of a checkpoint by a witness (C2SP tlog-cosignature). */
const ed25519 = 1;
export const cosignatureType = 4;
type SignatureType = typeof ed25519 | typeof cosignatureType;

export function verifierOf({ name, key }: NoteSigner, type: SignatureType = ed25519): NoteVerifier {
  const publicKey = createPublicKey(key);
  return { name, id: keyId(name, publicKey, type), key: publicKey };
}

/** `{name}+{id}+{key}` as others are given it. */
export function verifierText({ name, id, key }: NoteVerifier, type: SignatureType = ed25519): string {
  const encoded = Buffer.concat([Buffer.of(type), rawKey(key)]).toString('base64');
  return `${name}+${id.toString(16).padStart(8, '0')}+${encoded}`;
}

/** `undefined` when the text is no verifier key of Ed25519 of this type, or its id does not fit the key. */
export function readVerifier(text: string, type: SignatureType = ed25519): NoteVerifier | undefined {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u.exec(text) ?? [];
  if (name === undefined || id === undefined || encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length !== 33 || bytes[0] !== type) return undefined;
  const x = bytes.subarray(1).toString('base64url');
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
  const verifier = { name, id: Number.parseInt(id, 16), key };
  return keyId(name, key, type) === verifier.id ? verifier : undefined;
}

function keyId(name: string, key: KeyObject, type: SignatureType): number {
  const hash = createHash('sha256').update(`${name}\n`).update(Buffer.of(type)).update(rawKey(key));
  return hash.digest().readUInt32BE();
}

function rawKey(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}

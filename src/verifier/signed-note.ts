/** Heads of the log (C2SP tlog-checkpoint), signed as notes (C2SP signed-note) with Ed25519. */
import { type Bytes, fromBase64, hex, sha256, utf8 } from './bytes.ts';

/** A key that may sign, of a log or of a witness. */
export interface LogKey {
  /** As it is written down: `{name}+{id}+{base64}`. */
  text: string;
  name: string;
  of: 'log' | 'witness';
  /** Eight hexadecimal digits: the start of a hash over name, type and key. */
  id: string;
  key: CryptoKey;
}

export interface Head {
  /** What was signed. */
  text: string;
  origin: string;
  size: number;
  root: Bytes;
  /** The keys whose signature fits. */
  signedBy: LogKey[];
}

export type OpenedHead =
  | { outcome: 'opened'; head: Head }
  | { outcome: 'unreadable' }
  /** A key that we have is named, and its signature does not fit. */
  | { outcome: 'wrong_signature' };

/** `undefined` when the text is neither kind of key, or its id is not that of the key. */
export async function readLogKey(text: string): Promise<LogKey | undefined> {
  const [, name = '', id = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? [];
  const bytes = fromBase64(encoded);
  const of = kinds[bytes?.[0] ?? 0];
  if (bytes?.length !== 33 || !of) return undefined;
  const hash = await sha256(new Uint8Array([...utf8(`${name}\n`), ...bytes]));
  if (hex(hash.subarray(0, 4)) !== id) return undefined;
  const key = await crypto.subtle.importKey('raw', bytes.slice(1), 'Ed25519', false, ['verify']);
  return { text, name, of, id, key };
}

/** The types of signatures: Ed25519 over a note, and over what a witness says of it. */
const kinds: Record<number, LogKey['of']> = { 1: 'log', 4: 'witness' };

export async function openHead(note: string, keys: LogKey[]): Promise<OpenedHead> {
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  const head = end > 0 && note.endsWith('\n') ? readHead(text) : undefined;
  if (!head) return { outcome: 'unreadable' };
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const signature = readSignature(line);
    if (!signature) return { outcome: 'unreadable' };
    // Signatures of others, such as witnesses, are ignored here, as the specification says.
    const key = keys.find(({ name, id }) => name === signature.name && id === signature.id);
    if (!key) continue;
    if (!(await crypto.subtle.verify('Ed25519', key.key, signature.bytes, utf8(text))))
      return { outcome: 'wrong_signature' };
    head.signedBy.push(key);
  }
  return { outcome: 'opened', head };
}

function readHead(text: string): Head | undefined {
  const [origin = '', size = '', root = ''] = text.split('\n');
  const hash = fromBase64(root);
  const isWellFormed = origin !== '' && /^[1-9]\d{0,14}$/.test(size) && hash?.length === 32;
  return isWellFormed && hash ? { text, origin, size: Number(size), root: hash, signedBy: [] } : undefined;
}

/** When a witness has seen this head (C2SP tlog-cosignature); `undefined` when it did not sign this. */
export async function readCosignature(
  line: string,
  { text }: Head,
  witnesses: LogKey[],
): Promise<{ witness: LogKey; at: Date } | undefined> {
  const signature = readSignature(line.trimEnd());
  const witness = witnesses.find(({ name, id }) => name === signature?.name && id === signature.id);
  if (!signature || !witness || signature.bytes.length !== 72) return undefined;
  const seconds = new DataView(signature.bytes.buffer).getBigUint64(0);
  const message = utf8(`cosignature/v1\ntime ${seconds}\n${text}`);
  const fits = await crypto.subtle.verify('Ed25519', witness.key, signature.bytes.slice(8), message);
  return fits ? { witness, at: new Date(Number(seconds) * 1000) } : undefined;
}

function readSignature(line: string): { name: string; id: string; bytes: Bytes } | undefined {
  const [, name = '', encoded = ''] = /^— ([^\s+]+) (\S+)$/.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (!bytes || bytes.length < 5) return undefined;
  return { name, id: hex(bytes.subarray(0, 4)), bytes: bytes.slice(4) };
}

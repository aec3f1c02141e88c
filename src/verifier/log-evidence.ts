/** What a receipt carries of the transparency log, and whether the log says the same as the receipt. */
import { isIncluded } from '#src/log/verify-proof.ts';
import { fromBase64, fromHex, hex, hmacSha256, sha256, utf8 } from './bytes.ts';
import { parseObject } from './dossier-leaves.ts';
import type { PublicKey } from './jws.ts';
import { readRecord } from './receipt-content.ts';
import { type Head, openHead, readLogKey } from './signed-note.ts';

export interface LogEvidence {
  /** How many entries the log had, its root (hex), and when it was signed. */
  size: number;
  root: string;
  signed_at: string;
  /** The signed head (C2SP tlog-checkpoint). */
  checkpoint: string;
  /** The newest event first, then the words, the address and the key: each with its inclusion proof (RFC 9162). */
  entries: LogEvidenceEntry[];
  /** What the entry about the address commits to: HMAC-SHA256(salt, channel ‖ 0x00 ‖ value). The salt is hex. */
  address: { channel: string; value: string; salt: string };
}

export interface LogEvidenceEntry {
  index: number;
  /** Canonical JSON, without personal values. SHA-256(0x00 ‖ body) is the leaf. */
  body: string;
  /** Base64, from the leaf up. */
  proof: string[];
}

export type CheckedEvidence =
  | { outcome: 'refused' }
  /** `index` is that of the newest event. */
  | { outcome: 'proven'; evidence: LogEvidence; index: number; origin: string };

/** @param document the receipt as it was signed, of which the signature was checked */
export async function checkLogEvidence(
  document: Record<string, unknown>,
  key: PublicKey,
  logKeys: string[],
): Promise<CheckedEvidence> {
  const evidence = readEvidence(document.log);
  if (!evidence) return refused;
  const keys = (await Promise.all(logKeys.map(readLogKey))).filter((one) => one !== undefined);
  const opened = await openHead(evidence.checkpoint, keys);
  if (opened.outcome !== 'opened' || opened.head.signedBy.length === 0) return refused;
  const { head } = opened;
  if (head.size !== evidence.size || hex(head.root) !== evidence.root) return refused;
  for (const entry of evidence.entries) {
    if (!(await isUnderHead(entry, head))) return refused;
  }
  const index = await indexOfEvent(document, evidence, key);
  return index === undefined ? refused : { outcome: 'proven', evidence, index, origin: head.origin };
}

const refused = { outcome: 'refused' } as const;

async function isUnderHead(entry: LogEvidenceEntry, head: Head): Promise<boolean> {
  const proof = entry.proof.map(fromBase64);
  if (!proof.every((hash) => hash !== undefined)) return false;
  const hash = await sha256(new Uint8Array([0, ...utf8(entry.body)]));
  return isIncluded(sha256, { index: entry.index, hash }, head, proof);
}

type Entry = Record<string, unknown> & { index: number };

/** `undefined` unless the log speaks of this very event, of these words, this address and this key. */
async function indexOfEvent(
  document: Record<string, unknown>,
  { entries, address }: LogEvidence,
  key: PublicKey,
): Promise<number | undefined> {
  const record = readRecord(document);
  const all = entries.map(({ body, index }): Entry => ({ ...parseObject(body), index }));
  const about = (kind: string, ref: unknown) => all.find((one) => one.entry === kind && one.ref === ref);
  const event = all.find(({ entry }) => entry === 'event');
  const point = event && about('contact_point', event.contact_point_id);
  const signedBy = about('receipt_key', key.kid);
  if (!record || !event || !point || signedBy?.public_x !== key.x) return undefined;
  const fits =
    event.permission_id === record.permissionId &&
    point.person_id === record.personId &&
    record.times.get(String(event.ref)) === event.occurred_at &&
    fitsState(String(event.kind), record.state) &&
    (!record.words || (await isWording(about('text_version', record.words.id), record.words.text))) &&
    (await isAddress(point, address));
  return fits ? event.index : undefined;
}

/** After these events there is one state that it can have. */
function fitsState(kind: string, state: string | undefined): boolean {
  if (state === undefined) return true;
  if (kind === 'withdrawn' || kind === 'objected') return state === 'withdrawn';
  const grants = ['confirmed', 'granted', 'renewed', 'imported'];
  return grants.includes(kind) ? state === 'granted' : true;
}

async function isWording(entry: Entry | undefined, words: string): Promise<boolean> {
  return hex(await sha256(utf8(words))) === entry?.wording_sha256;
}

async function isAddress(point: Entry, { channel, value, salt }: LogEvidence['address']): Promise<boolean> {
  const key = fromHex(salt);
  if (key.length !== 16 || point.channel !== channel) return false;
  return hex(await hmacSha256(key, utf8(`${channel}\0${value}`))) === point.commitment;
}

function readEvidence(value: unknown): LogEvidence | undefined {
  const { size, root, signed_at, checkpoint, entries, address } = (value ?? {}) as Partial<LogEvidence>;
  const isRead =
    typeof size === 'number' &&
    [root, signed_at, checkpoint, address?.channel, address?.value, address?.salt].every(
      (text) => typeof text === 'string',
    ) &&
    Array.isArray(entries) &&
    entries.every(isEntry);
  return isRead ? (value as LogEvidence) : undefined;
}

function isEntry(entry: Partial<LogEvidenceEntry> | null): boolean {
  return (
    Number.isSafeInteger(entry?.index) &&
    (entry?.index ?? -1) >= 0 &&
    typeof entry?.body === 'string' &&
    Array.isArray(entry.proof) &&
    entry.proof.every((hash) => typeof hash === 'string')
  );
}

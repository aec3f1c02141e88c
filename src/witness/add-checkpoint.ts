import { createHash } from 'node:crypto';
import { openCheckpoint } from '#src/log/checkpoint.ts';
import { cosign } from '#src/log/cosignature.ts';
import { sha256 } from '#src/log/sha256.ts';
import {
  type NoteSigner,
  type NoteVerifier,
  readVerifier,
  signatureLine,
  splitNote,
} from '#src/log/signed-note.ts';
import { isConsistent } from '#src/log/verify-proof.ts';
import { readSubmission } from './read-submission.ts';
import type { WitnessState } from './witness-state.ts';

export interface WitnessAnswer {
  status: number;
  body: string;
  /** text/plain unless it is given. */
  type?: string;
}

/** The state of a witness, and how it is kept: on disk before an answer is given. */
export interface WitnessStore {
  state: WitnessState;
  save: (state: WitnessState) => void;
}

/**
 * Answers `add-checkpoint` (C2SP tlog-witness) in the order of its checks. One call at a time: between reading the newest size
 * and keeping the new one nobody else may do the same.
 */
export async function addCheckpoint(
  store: WitnessStore,
  signer: NoteSigner,
  body: string,
  now: Date,
): Promise<WitnessAnswer> {
  const submission = readSubmission(body);
  if (!submission) return refused(400, 'This is no submission of a checkpoint.');
  const { origin } = submission.claimed;
  const log = Object.hasOwn(store.state.logs, origin) ? store.state.logs[origin] : undefined;
  if (!log) return refused(404, 'This log is not known here.');
  const verifiers = log.keys.flatMap((key) => readVerifier(key) ?? []);
  const opened = openCheckpoint(submission.note, verifiers);
  if (opened.outcome !== 'opened')
    return refused(403, 'No key of this log that is known here has signed this.');
  const { size, root } = opened.checkpoint;
  const { older, proof } = submission;
  if (older > size) return refused(400, 'The old size is above that of the checkpoint.');
  if (older !== log.size) return { status: 409, type: 'text/x.tlog.size', body: `${log.size}\n` };
  if (!(await continues(log, { size, root }, proof))) {
    return refused(422, 'The checkpoint is not a continuation of what was cosigned before.');
  }
  const { text } = splitNote(submission.note) ?? { text: '' };
  const line = cosign(text, signer, now);
  const signed = `${text}\n${signaturesOf(submission.note, opened.signedBy)}${line}`;
  const kept = { ...log, size, root: Buffer.from(root).toString('hex'), note: signed };
  const state = { ...store.state, logs: { ...store.state.logs, [origin]: kept } };
  store.save(state);
  store.state = state;
  return { status: 200, body: line };
}

function refused(status: number, why: string): WitnessAnswer {
  return { status, body: `${why}\n` };
}

async function continues(
  { size, root }: { size: number; root: string },
  newer: { size: number; root: Uint8Array },
  proof: Uint8Array[],
): Promise<boolean> {
  if (newer.size === 0 && !createHash('sha256').digest().equals(newer.root)) return false;
  if (size === 0) return proof.length === 0;
  return isConsistent(sha256, { size, root: Buffer.from(root, 'hex') }, newer, proof);
}

/** Only the lines that were checked: the note is given to others as it is kept. */
function signaturesOf(note: string, signedBy: NoteVerifier[]): string {
  const known = (name: string, id: number) => signedBy.some((one) => one.name === name && one.id === id);
  return (splitNote(note)?.signatures ?? [])
    .filter(({ name, id }) => known(name, id))
    .map(({ name, id, signature }) => signatureLine(name, id, signature))
    .join('');
}

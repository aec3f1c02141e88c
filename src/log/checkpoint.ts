/** The head of the log at one size (C2SP tlog-checkpoint): three lines, signed as a note. */
import type { Hash } from './merkle-tree.ts';
import { type NoteSigner, type NoteVerifier, openNote, signNote } from './signed-note.ts';

export interface Checkpoint {
  /** The name of the log. */
  origin: string;
  /** How many entries the log had. */
  size: number;
  root: Hash;
}

export type OpenedCheckpoint =
  | { outcome: 'opened'; checkpoint: Checkpoint; signedBy: NoteVerifier[] }
  | { outcome: 'not_a_checkpoint' }
  | { outcome: 'unknown_key' }
  | { outcome: 'wrong_signature' };

/** While a key is replaced, both the former and the new one sign. */
export function signCheckpoint({ origin, size, root }: Checkpoint, signers: NoteSigner[]): string {
  return signNote(`${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`, signers);
}

export function openCheckpoint(note: string, verifiers: NoteVerifier[]): OpenedCheckpoint {
  const opened = openNote(note, verifiers);
  if (opened.outcome === 'not_a_note') return { outcome: 'not_a_checkpoint' };
  if (opened.outcome !== 'opened') return opened;
  const checkpoint = readCheckpointText(opened.text);
  return checkpoint
    ? { outcome: 'opened', checkpoint, signedBy: opened.signedBy }
    : { outcome: 'not_a_checkpoint' };
}

/** `undefined` when the text is no checkpoint. Lines after the third are allowed and mean nothing to us. */
export function readCheckpointText(text: string): Checkpoint | undefined {
  const [origin = '', size = '', root = '', ...rest] = text.split('\n').slice(0, -1);
  const hash = Buffer.from(root, 'base64');
  const isWellFormed =
    origin !== '' &&
    /^(0|[1-9]\d*)$/.test(size) &&
    Number.isSafeInteger(Number(size)) &&
    hash.length === 32 &&
    hash.toString('base64') === root &&
    rest.every((line) => line !== '');
  return isWellFormed ? { origin, size: Number(size), root: hash } : undefined;
}

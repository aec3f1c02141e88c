import { type Checkpoint, readCheckpointText } from '#src/log/checkpoint.ts';

export interface Submission {
  /** The size that the log believes us to have cosigned last. */
  older: number;
  proof: Uint8Array[];
  /** The checkpoint as a signed note, and what it says: its signatures are not read yet. */
  note: string;
  claimed: Checkpoint;
}

/** The body of `add-checkpoint` (C2SP tlog-witness); `undefined` when it is none. */
export function readSubmission(body: string): Submission | undefined {
  const end = body.indexOf('\n\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = body.slice(0, end).split('\n');
  const older = /^old (0|[1-9]\d{0,15})$/.exec(first)?.[1];
  const proof = lines.map(readHash);
  const note = body.slice(end + 2);
  if (older === undefined || lines.length > 63 || !proof.every((hash) => hash !== undefined))
    return undefined;
  const claimed = readCheckpointText(note.slice(0, note.lastIndexOf('\n\n') + 1));
  if (!Number.isSafeInteger(Number(older)) || !claimed) return undefined;
  return { older: Number(older), proof, note, claimed };
}

function readHash(line: string): Uint8Array | undefined {
  const hash = Buffer.from(line, 'base64');
  return hash.length === 32 && hash.toString('base64') === line ? hash : undefined;
}

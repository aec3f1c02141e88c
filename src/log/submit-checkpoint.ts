/** Sends a checkpoint to a witness and reads its answer (C2SP tlog-witness, add-checkpoint). */

import { type Cosignature, readCosignatures } from './cosignature.ts';
import type { Hash } from './merkle-tree.ts';
import { readBriefly } from './read-briefly.ts';
import type { NoteVerifier } from './signed-note.ts';

export interface Witness {
  verifier: NoteVerifier;
  /** Its submission prefix. */
  url: string;
}

export type Submission =
  | { outcome: 'cosigned'; cosignature: Cosignature }
  /** The witness has cosigned another size last. */
  | { outcome: 'other_size'; size: number }
  /** One sentence. */
  | { outcome: 'failed'; problem: string };

export async function submitCheckpoint(
  { verifier, url }: Witness,
  { note, older, proof }: { note: string; older: number; proof: Hash[] },
  signal: AbortSignal,
): Promise<Submission> {
  const hashes = proof.map((hash) => `${Buffer.from(hash).toString('base64')}\n`);
  const answer = await readBriefly(
    `${url.replace(/\/$/, '')}/add-checkpoint`,
    {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body: `old ${older}\n${hashes.join('')}\n${note}`,
    },
    signal,
  );
  if (answer.outcome === 'failed') return answer;
  const { status, type } = answer;
  const text = answer.body.toString('utf8');
  if (status === 200) return readAnswer(note, text, verifier);
  const size = /^(0|[1-9]\d{0,14})\n$/.exec(text)?.[1];
  if (status === 409 && type === 'text/x.tlog.size' && size) {
    return { outcome: 'other_size', size: Number(size) };
  }
  return { outcome: 'failed', problem: refusals[status] ?? `It answered with status ${status}.` };
}

const refusals: Record<number, string> = {
  403: 'It knows this log by another key, and refuses the signature.',
  404: 'It does not know this log: give it the key of the log.',
  409: 'It says that it has cosigned another size, and not which.',
  422: 'It refuses this head: the log is not a continuation of what it cosigned before.',
};

/** How far the clock of a witness may be ahead of ours. */
const aheadMillis = 3_600_000;

function readAnswer(note: string, lines: string, verifier: NoteVerifier): Submission {
  const wellFormed = /^(?:— [^\n]+\n)+$/u.test(lines);
  const [cosignature] = (wellFormed && readCosignatures(note + lines, [verifier])) || [];
  if (!cosignature)
    return { outcome: 'failed', problem: 'Its answer holds no cosignature of its key that fits.' };
  if (cosignature.at.getTime() > Date.now() + aheadMillis)
    return { outcome: 'failed', problem: 'Its cosignature is dated in the future.' };
  return { outcome: 'cosigned', cosignature };
}

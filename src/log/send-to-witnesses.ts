import type { App } from '#src/app/app.ts';
import { readWitnessKey } from './cosignature.ts';
import { newestCheckpoint } from './log-status.ts';
import type { StoredCheckpoint } from './make-checkpoint.ts';
import { consistencyProof } from './merkle-tree.ts';
import { type Submission, submitCheckpoint, type Witness } from './submit-checkpoint.ts';
import { treeOf } from './tile-store.ts';
import { noteFailure, noteSuccess, watchedSize, witnessWatcher } from './watchers.ts';

/**
 * Sends the newest checkpoint to each witness that has not cosigned it yet, and keeps what they answer. A witness that is
 * down holds nothing up. Returns how many cosigned.
 */
export async function sendToWitnesses(app: App, signal: AbortSignal): Promise<{ cosigned: number }> {
  const { witnesses } = app.config;
  const checkpoint = witnesses.length > 0 ? await newestCheckpoint(app.db) : undefined;
  if (!checkpoint) return { cosigned: 0 };
  const done = await app.db
    .selectFrom('log_cosignatures')
    .select('witness')
    .where('size', '=', checkpoint.size)
    .execute();
  const waiting = witnesses.filter(({ key }) => !done.some(({ witness }) => key.startsWith(`${witness}+`)));
  const results = await Promise.all(
    waiting.map(({ key, url }) => {
      const verifier = readWitnessKey(key);
      return verifier ? sendTo(app, { verifier, url }, checkpoint, signal) : false;
    }),
  );
  return { cosigned: results.filter(Boolean).length };
}

async function sendTo(
  app: App,
  witness: Witness,
  checkpoint: StoredCheckpoint,
  signal: AbortSignal,
): Promise<boolean> {
  const watcher = witnessWatcher(witness.verifier.name);
  const size = Number(checkpoint.size);
  const known = Math.min(await watchedSize(app, watcher), size);
  let answer = await submit(app, witness, checkpoint, known, signal);
  // It knows better than we do which size it has seen: we may have been stopped before its answer was kept.
  if (answer.outcome === 'other_size' && answer.size <= size)
    answer = await submit(app, witness, checkpoint, answer.size, signal);
  // The process is told to end: the next one asks again.
  if (signal.aborted) return false;
  if (answer.outcome !== 'cosigned') {
    await noteFailure(app, watcher, problemOf(answer, size));
    return false;
  }
  const { at, line } = answer.cosignature;
  await app.db
    .insertInto('log_cosignatures')
    .values({ size, witness: witness.verifier.name, at: at.toISOString(), line })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await noteSuccess(app, watcher, size);
  return true;
}

async function submit(
  { db }: App,
  witness: Witness,
  { size, note }: StoredCheckpoint,
  older: number,
  signal: AbortSignal,
): Promise<Submission> {
  const proof = await consistencyProof(older, Number(size), treeOf(db));
  return submitCheckpoint(witness, { note, older, proof }, signal);
}

function problemOf(answer: Exclude<Submission, { outcome: 'cosigned' }>, size: number): string {
  if (answer.outcome === 'failed') return answer.problem;
  return answer.size > size
    ? `It has cosigned ${answer.size} entries, and this log has ${size}: the entries ${size} to ${answer.size - 1} are lost.`
    : 'It names another size each time.';
}

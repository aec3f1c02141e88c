import type { Db } from '#db/connect.ts';
import { readDecisionId } from './call.ts';
import { rootOfLines, unpackCalls } from './pack.ts';
import { rootOfBatches } from './seal-batches.ts';

export interface KeptDecision {
  askedBy: string;
  at: string;
  question: Record<string, unknown>;
  /** As it was given. `contact_point` is the keyed hash of the address. */
  answer: Record<string, unknown>;
  /**
   * `proved`: it is under a root that the log has. `waiting`: its minute is not over, or the log has not caught up.
   * `changed`: it is not what was kept.
   */
  proof: 'proved' | 'waiting' | 'changed';
  /** The place of the root in the log. */
  logIndex: number | null;
}

/** `undefined` for an id that was never given, or whose answer is deleted because its term is over. */
export async function findKeptDecision(db: Db, id: string): Promise<KeptDecision | undefined> {
  const asked = readDecisionId(id);
  if (!asked) return undefined;
  const batch = await db
    .selectFrom('decision_batches')
    .select(['content', 'root', 'root_id'])
    .where('writer', '=', asked.writer)
    .where('first_number', '<=', asked.number)
    .where('last_number', '>=', asked.number)
    .executeTakeFirst();
  if (!batch) return undefined;
  const lines = await unpackCalls(batch.content);
  for (const line of lines) {
    if (!line.includes(`"${id}"`)) continue;
    const { asked_by, at, question, answers } = JSON.parse(line) as KeptLine;
    const answer = answers.find((one) => one.id === id);
    if (!answer) continue;
    const proof = await proofOf(db, batch, rootOfLines(lines));
    return { askedBy: asked_by, at, question, answer, ...proof };
  }
  return undefined;
}

interface KeptLine {
  asked_by: string;
  at: string;
  question: Record<string, unknown>;
  answers: Record<string, unknown>[];
}

async function proofOf(
  db: Db,
  batch: { root: string; root_id: string | null },
  root: string,
): Promise<Pick<KeptDecision, 'proof' | 'logIndex'>> {
  if (root !== batch.root) return { proof: 'changed', logIndex: null };
  if (batch.root_id === null) return { proof: 'waiting', logIndex: null };
  const all = await db
    .selectFrom('decision_batches')
    .select(['id', 'root'])
    .where('root_id', '=', batch.root_id)
    .orderBy('id')
    .execute();
  const entry = await db
    .selectFrom('log_entries')
    .select(['idx', 'body'])
    .where('ref', '=', batch.root_id)
    .where('kind', '=', 'decisions')
    .executeTakeFirst();
  if (!entry) return { proof: 'waiting', logIndex: null };
  const logged = (JSON.parse(entry.body) as { root: string }).root;
  return { proof: logged === rootOfBatches(all) ? 'proved' : 'changed', logIndex: Number(entry.idx) };
}

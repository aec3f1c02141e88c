import type { Tx } from '#db/connect.ts';
import { lockRows } from '#db/locks.ts';
import type { LetterTable } from '#db/schema/letters.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { commitmentOf, saltedJson } from '#src/ledger/commitment.ts';
import { findPerson } from '#src/people/contact-points.ts';
import { encryptText } from '#src/people/encryption.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { composeLetter } from './letter-content.ts';

export type PrintResult = { outcome: 'nothing' } | { outcome: 'printed'; runId: string; count: number };

/** Limit of letters per print run. */
export const maxAtOnce = 100;

/**
 * Claims letters from the queue and stores their current content, so that two concurrent print runs never contain the
 * same letter. The PDF is read by run, as often as needed.
 */
export async function printLetters(app: App, actor: Actor, which: string[] | 'all'): Promise<PrintResult> {
  requireAbility(actor, 'letters.print');
  return app.db.transaction().execute(async (tx) => {
    const at = app.now().toISOString();
    const runId = newId();
    let count = 0;
    for (const letter of await claimed(tx, which, { at, runId, by: actor.id })) {
      if (await compose(tx, app, at, letter)) count += 1;
    }
    if (count === 0) return { outcome: 'nothing' };
    await recordAudit(tx, at, actor, 'letters.printed', `letters:${runId}`, { count });
    return { outcome: 'printed', runId, count };
  });
}

async function claimed(
  tx: Tx,
  which: string[] | 'all',
  run: { at: string; runId: string; by: string },
): Promise<LetterTable[]> {
  if (which !== 'all' && which.length === 0) return [];
  const due = await tx
    .selectFrom('letters')
    .select(['id', 'person_id'])
    .where('state', '=', 'waiting')
    .$if(which !== 'all', (query) => query.where('id', 'in', which as string[]))
    .orderBy('id')
    .limit(maxAtOnce)
    .execute();
  if (due.length === 0) return [];
  // Locked, so that nothing about these people changes until their letters are stored.
  await lockRows(tx, 'contact_points', (eb) =>
    eb
      .selectFrom('contact_points as own')
      .select('own.id')
      .where(
        'own.person_id',
        'in',
        due.map(({ person_id }) => person_id),
      ),
  );
  const ids = due.map(({ id }) => id);
  const letters = await tx
    .updateTable('letters')
    .set({ state: 'printed', run_id: run.runId, printed_at: run.at, printed_by: run.by })
    .where('id', 'in', ids)
    .where('state', '=', 'waiting')
    .returningAll()
    .execute();
  return letters.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** False if the person was erased or has no postal address. */
async function compose(tx: Tx, app: App, at: string, letter: LetterTable): Promise<boolean> {
  const person = await findPerson(tx, app.keys, letter.person_id);
  const controller = await tx
    .selectFrom('controllers')
    .selectAll()
    .where('id', '=', letter.controller_id)
    .executeTakeFirstOrThrow();
  const content = person && (await composeLetter(tx, at, letter, person, controller));
  const salted = content && saltedJson(content);
  const outOfRun = { run_id: null, printed_at: null, printed_by: null };
  const erased = { ...outOfRun, state: 'cancelled', cancelled_at: at, cancelled_because: 'erased' } as const;
  await tx
    .updateTable('letters')
    .set(
      salted
        ? { content_enc: encryptText(person.key, salted), commitment: commitmentOf(salted) }
        : person
          ? { ...outOfRun, state: 'unaddressed' }
          : erased,
    )
    .where('id', '=', letter.id)
    .execute();
  return content !== undefined;
}

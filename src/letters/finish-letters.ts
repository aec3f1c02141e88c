import type { LetterTable } from '#db/schema/letters.ts';
import type { App } from '#src/app/app.ts';
import { findPerson } from '#src/people/contact-points.ts';
import { decryptJson } from '#src/people/encryption.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { type LetterChange, queueLetters } from './queue-letters.ts';

/** Marks the letters of a print run as posted and returns how many. Calling it twice is harmless. */
export async function markSent(app: App, actor: Actor, runId: string): Promise<number> {
  requireAbility(actor, 'letters.print');
  return app.db.transaction().execute(async (tx) => {
    const at = app.now().toISOString();
    const sent = await tx
      .updateTable('letters')
      .set({ state: 'sent', sent_at: at, sent_by: actor.id })
      .where('run_id', '=', runId)
      .where('state', '=', 'printed')
      .returning('id')
      .execute();
    if (sent.length === 0) return 0;
    await recordAudit(tx, at, actor, 'letters.sent', `letters:${runId}`, { count: sent.length });
    return sent.length;
  });
}

/** Returns the letters of a failed print run to the queue. They are composed again with the then current state. */
export async function returnToQueue(app: App, actor: Actor, runId: string): Promise<number> {
  requireAbility(actor, 'letters.print');
  return app.db.transaction().execute(async (tx) => {
    const at = app.now().toISOString();
    const letters = await tx
      .updateTable('letters')
      .set({ state: 'cancelled', cancelled_at: at, cancelled_because: 'misprinted' })
      .where('run_id', '=', runId)
      .where('state', '=', 'printed')
      .returningAll()
      .execute();
    for (const letter of letters) {
      const person = await findPerson(tx, app.keys, letter.person_id);
      if (!person) continue;
      const changes = decryptJson<LetterChange[]>(person.key, letter.changes_enc);
      await queueLetters(tx, at, { person, locale: letter.locale }, changes);
    }
    if (letters.length === 0) return 0;
    await recordAudit(tx, at, actor, 'letters.returned', `letters:${runId}`, { count: letters.length });
    return letters.length;
  });
}

/** Cancels a letter that is not needed, because the person was informed in another way. */
export async function dropLetter(app: App, actor: Actor, letterId: string): Promise<boolean> {
  requireAbility(actor, 'letters.print');
  return app.db.transaction().execute(async (tx) => {
    const at = app.now().toISOString();
    const because: LetterTable['cancelled_because'] = 'not_needed';
    const [dropped] = await tx
      .updateTable('letters')
      .set({ state: 'cancelled', cancelled_at: at, cancelled_because: because })
      .where('id', '=', letterId)
      .where('state', 'in', ['waiting', 'unaddressed'])
      .returning('id')
      .execute();
    if (!dropped) return false;
    await recordAudit(tx, at, actor, 'letters.dropped', `letter:${letterId}`);
    return true;
  });
}

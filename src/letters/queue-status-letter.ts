import type { App } from '#src/app/app.ts';
import { findPerson } from '#src/people/contact-points.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { queueLetters } from './queue-letters.ts';

/** Queues a letter with the current state, for a person who asks for it. False if the person was erased. */
export async function queueStatusLetter(app: App, actor: Actor, contactPointId: string): Promise<boolean> {
  requireAbility(actor, 'letters.print');
  return app.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('contact_points')
      .innerJoin('people', 'people.id', 'contact_points.person_id')
      .select(['people.id', 'people.locale'])
      .where('contact_points.id', '=', contactPointId)
      .executeTakeFirst();
    const person = row && (await findPerson(tx, app.keys, row.id));
    if (!person) return false;
    const at = app.now().toISOString();
    await queueLetters(tx, at, { person, locale: row.locale }, []);
    await recordAudit(tx, at, actor, 'letters.queued', `contact-point:${contactPointId}`);
    return true;
  });
}

import type { Db, Tx } from '#db/connect.ts';
import { lockRows } from '#db/locks.ts';
import type { TextNoticeTable } from '#db/schema/consent-texts.ts';
import type { App } from '#src/app/app.ts';
import { recordStep } from '#src/consent-texts/steps.ts';
import type { TextRefusal } from '#src/consent-texts/text-refusal.ts';
import { findVersion } from '#src/consent-texts/text-version.ts';
import { findPerson } from '#src/people/contact-points.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { notifyPerson } from './notify-person.ts';

export type StartTextNoticesResult =
  | { outcome: 'telling' | 'not_invalid' | 'already_told' }
  | Extract<TextRefusal, { outcome: 'unknown_version' }>;

/** Starts notifying everyone whose consent was given to an invalid text version. A job writes the mails and letters. */
export async function startTextNotices(
  app: App,
  actor: Actor,
  versionId: string,
): Promise<StartTextNoticesResult> {
  requireAbility(actor, 'texts.approve');
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx): Promise<StartTextNoticesResult> => {
    const version = await findVersion(tx, versionId);
    if (!version) return { outcome: 'unknown_version' };
    if (!version.invalidated_at) return { outcome: 'not_invalid' };
    const asked = await tx
      .insertInto('text_notices')
      .values({
        version_id: version.id,
        asked_at: at,
        asked_by: actor.id,
        after_person: '',
        mails: 0,
        letters: 0,
        finished_at: null,
      })
      .onConflict((conflict) => conflict.column('version_id').doNothing())
      .executeTakeFirst();
    if (Number(asked.numInsertedOrUpdatedRows ?? 0) === 0) return { outcome: 'already_told' };
    await recordStep(tx, version, { kind: 'people_told', at, actor });
    return { outcome: 'telling' };
  });
}

/** `undefined`: the notices were not started. */
export async function findNotice(db: Db, versionId: string): Promise<TextNoticeTable | undefined> {
  return db.selectFrom('text_notices').selectAll().where('version_id', '=', versionId).executeTakeFirst();
}

const maxAtOnce = 100;

/**
 * Job: writes the mails and letters for the next batch of people, each person once. Continues where the last run
 * stopped. `people` is 0 when all are done.
 */
export async function sendTextNotices(
  app: App,
): Promise<{ notices: number; people: number; mails: number; letters: number }> {
  const open = await app.db
    .selectFrom('text_notices')
    .select('version_id')
    .where('finished_at', 'is', null)
    .orderBy('asked_at')
    .executeTakeFirst();
  if (!open) return { notices: 0, people: 0, mails: 0, letters: 0 };
  const counts = await app.db.transaction().execute((tx) => notifyBatch(tx, app, open.version_id));
  app.mailsQueued();
  // Also when it found nobody: the next notice is due as well.
  return { notices: 1, ...counts };
}

async function notifyBatch(tx: Tx, app: App, versionId: string) {
  const at = app.now().toISOString();
  const notice = await claim(tx, versionId);
  const counts = { people: 0, mails: 0, letters: 0 };
  if (!notice || notice.finished_at !== null) return counts;
  const people = await affectedAfter(tx, versionId, notice.after_person);
  const points = people.map(({ contact_point_id }) => contact_point_id);
  if (points.length > 0) await lockRows(tx, 'contact_points', points);
  for (const { person_id, locale } of people) {
    const person = await findPerson(tx, app.keys, person_id);
    if (!person) continue;
    const to = { person, locale, withoutChanges: true, because: 'text_invalid' } as const;
    const how = await notifyPerson(tx, at, to, []);
    if (how === 'mail') counts.mails += 1;
    if (how === 'letter') counts.letters += 1;
  }
  counts.people = people.length;
  await tx
    .updateTable('text_notices')
    .set({
      after_person: people.at(-1)?.person_id ?? notice.after_person,
      mails: notice.mails + counts.mails,
      letters: notice.letters + counts.letters,
      finished_at: people.length < maxAtOnce ? at : null,
    })
    .where('version_id', '=', versionId)
    .execute();
  return counts;
}

/** Locks the row, so that of two concurrent processes the second continues where the first stopped. */
async function claim(tx: Tx, versionId: string): Promise<TextNoticeTable | undefined> {
  return tx
    .updateTable('text_notices')
    .set((eb) => ({ mails: eb.ref('mails') }))
    .where('version_id', '=', versionId)
    .returningAll()
    .executeTakeFirst();
}

async function affectedAfter(tx: Tx, versionId: string, after: string) {
  return tx
    .selectFrom('permissions')
    .innerJoin('contact_points', 'contact_points.id', 'permissions.contact_point_id')
    .innerJoin('people', 'people.id', 'contact_points.person_id')
    .select(['contact_points.person_id', 'people.locale'])
    .select((eb) => eb.fn.min('permissions.contact_point_id').as('contact_point_id'))
    .where('permissions.text_version_id', '=', versionId)
    .where('permissions.settled_state', '=', 'granted')
    .where('contact_points.lookup_hash', 'is not', null)
    .where('contact_points.person_id', '>', after)
    .groupBy(['contact_points.person_id', 'people.locale'])
    .orderBy('contact_points.person_id')
    .limit(maxAtOnce)
    .execute();
}

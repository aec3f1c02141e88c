import type { Tx } from '#db/connect.ts';
import type { LetterTable } from '#db/schema/letters.ts';
import type { Channel, Locale, PermissionState } from '#db/schema/vocabulary.ts';
import { declareWrite } from '#db/writes.ts';
import { newId } from '#src/ids/new-id.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptJson, encryptJson } from '#src/people/encryption.ts';
import { postalRecipient } from './postal-recipient.ts';

/** A change of one permission. */
export interface LetterChange {
  purpose: string;
  channel: Channel;
  from: PermissionState;
  to: PermissionState;
}

/**
 * Queues a letter for a person without a mailbox, in the caller's transaction. Adds the changes to a letter that is
 * still waiting, so that a person does not get several letters. Without changes, every company that holds a permission
 * sends a letter with the current state.
 */
export async function queueLetters(
  tx: Tx,
  at: string,
  { person, locale }: { person: PersonWithKey; locale: Locale },
  changes: LetterChange[],
): Promise<void> {
  for (const controller of await controllersOf(tx, person, changes)) {
    const own = changes.filter(({ purpose }) => controller.purposes.has(purpose));
    const recipient = await postalRecipient(tx, person, { country: controller.country, locale });
    const state = recipient ? 'waiting' : 'unaddressed';
    const waiting = await waitingLetter(tx, person, controller.id);
    if (waiting) {
      const all = merged(decryptJson<LetterChange[]>(person.key, waiting.changes_enc), own);
      await tx
        .updateTable('letters')
        .set({ changes_enc: encryptJson(person.key, all), state })
        .where('id', '=', waiting.id)
        .execute();
    } else {
      const letter = { person_id: person.id, controller_id: controller.id, locale, state } as const;
      await tx
        .insertInto('letters')
        .values({
          ...letter,
          ...unprinted,
          id: newId(),
          changes_enc: encryptJson(person.key, own),
          created_at: at,
        })
        .execute();
    }
  }
}

/** Cancels waiting letters, for example because a mail has informed the person since. */
export const cancelLetters = declareWrite(
  (db, of: { at: string; personId: string; because: NonNullable<LetterTable['cancelled_because']> }) =>
    db
      .updateTable('letters')
      .set({ state: 'cancelled', cancelled_at: of.at, cancelled_because: of.because })
      .where('person_id', '=', of.personId)
      .where('state', 'in', ['waiting', 'unaddressed']),
);

const unprinted = {
  content_enc: null,
  run_id: null,
  printed_at: null,
  printed_by: null,
  sent_at: null,
  sent_by: null,
  cancelled_at: null,
  cancelled_because: null,
};

interface Sender {
  id: string;
  country: string;
  purposes: Set<string>;
}

/** The companies of the changed purposes; without changes, of all the person's permissions. */
async function controllersOf(tx: Tx, person: PersonWithKey, changes: LetterChange[]): Promise<Sender[]> {
  const keys = changes.map(({ purpose }) => purpose);
  const rows = await tx
    .selectFrom('purposes')
    .innerJoin('controllers', 'controllers.id', 'purposes.controller_id')
    .select(['controllers.id', 'controllers.country', 'purposes.key'])
    .where((eb) =>
      keys.length > 0
        ? eb('purposes.key', 'in', keys)
        : eb(
            'purposes.id',
            'in',
            eb
              .selectFrom('permissions')
              .innerJoin('contact_points', 'contact_points.id', 'permissions.contact_point_id')
              .select('permissions.purpose_id')
              .where('contact_points.person_id', '=', person.id),
          ),
    )
    .execute();
  return [...Map.groupBy(rows, ({ id }) => id)].map(([id, own]) => ({
    id,
    country: own[0]?.country ?? 'DE',
    purposes: new Set(own.map(({ key }) => key)),
  }));
}

async function waitingLetter(tx: Tx, person: PersonWithKey, controllerId: string) {
  return tx
    .selectFrom('letters')
    .select(['id', 'changes_enc'])
    .where('person_id', '=', person.id)
    .where('controller_id', '=', controllerId)
    .where('state', 'in', ['waiting', 'unaddressed'])
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
}

/** One change per permission, from its first to its last state. */
function merged(before: LetterChange[], after: LetterChange[]): LetterChange[] {
  const all = new Map<string, LetterChange>();
  for (const change of [...before, ...after]) {
    const key = `${change.purpose}:${change.channel}`;
    all.set(key, { ...change, from: all.get(key)?.from ?? change.from });
  }
  return [...all.values()];
}

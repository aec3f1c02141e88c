import type { Db } from '#db/connect.ts';
import { isUniqueViolation } from '#db/errors.ts';
import type { Register } from '#db/schema/person-events.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { recordEvidence } from '#src/evidence/record-evidence.ts';
import { appendPersonEvent } from '#src/ledger/person-events.ts';
import { findOwner, isUnlisted } from '#src/people/find-owner.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';

/** The objection register for a channel, and the country in which it applies. */
export const registerOf: Partial<Record<Channel, Register>> = { email: 'ecg', phone: 'star_entry' };
export const countryOf = { ecg: 'AT', star_entry: 'CH' } as const satisfies Record<Register, string>;

/** The result of looking up an address in a register. */
export interface RegisterCheck {
  register: Register;
  refused: boolean;
  checkedAt: string;
}

/** Records that staff looked up this address in the register of its channel, and the result. */
export async function recordRegisterCheck(
  app: App,
  actor: Actor,
  contactPointId: string,
  check: { refused: boolean; checkedAt: string; list: string },
): Promise<'recorded' | 'no_register' | 'in_future'> {
  requireAbility(actor, 'permissions.capture');
  const at = app.now().toISOString();
  if (check.checkedAt > at) return 'in_future';
  const act = () =>
    app.db.transaction().execute(async (tx) => {
      const owner = await findOwner(tx, app.keys, contactPointId);
      const register = owner && !isUnlisted(owner) && registerOf[owner.contactPoint.channel];
      if (!register) return 'no_register';
      const { refused, checkedAt, list } = check;
      const result = refused ? 'entered' : 'not_entered';
      const evidence = await recordEvidence(tx, owner.person, {
        act: 'register_check',
        at,
        locale: owner.locale,
        consents: [],
        action: 'look up',
        typed: { register, result, checked_at: checkedAt, list },
      });
      const fact = {
        kind: 'register_checked',
        person_id: owner.person.id,
        contact_point_id: contactPointId,
        register,
        refused: refused ? 1 : 0,
        occurred_at: checkedAt,
        actor: actor.id,
      } as const;
      await appendPersonEvent(tx, at, fact, evidence);
      const subject = `contact-point:${contactPointId}`;
      await recordAudit(tx, at, actor, 'permissions.register_checked', subject, { register, result });
      return 'recorded';
    });
  return act().catch((error) => (isUniqueViolation(error) ? act() : Promise.reject(error)));
}

/** The newest check of this address. */
export async function lastRegisterCheck(db: Db, contactPointId: string): Promise<RegisterCheck | undefined> {
  const row = await db
    .selectFrom('person_events')
    .select(['register', 'refused', 'occurred_at'])
    .where('contact_point_id', '=', contactPointId)
    .where('kind', '=', 'register_checked')
    .orderBy('occurred_at', 'desc')
    .orderBy('recorded_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row?.register) return undefined;
  return { register: row.register, refused: row.refused === 1, checkedAt: row.occurred_at };
}

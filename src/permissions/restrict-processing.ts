import type { Tx } from '#db/connect.ts';
import { isUniqueViolation } from '#db/errors.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { recordEvidence } from '#src/evidence/record-evidence.ts';
import { appendPersonEvent, restrictionOf } from '#src/ledger/person-events.ts';
import { findOwner, isUnlisted, type Owner } from '#src/people/find-owner.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { type NotifiedBy, notifyPerson } from './notify-person.ts';
import type { waysOfSayingNo } from './withdraw-at-desk.ts';

/** Art. 18 (1) (a) to (d) GDPR. */
export const restrictionReasons = [
  'accuracy_contested',
  'unlawful',
  'needed_for_claims',
  'objection_pending',
] as const;
export type RestrictionReason = (typeof restrictionReasons)[number];

/** How long before its end a person is informed about it (Art. 18 (3) GDPR). */
export const noticeDays = 7;

export type RestrictResult = { outcome: 'unknown' | 'nothing' } | { outcome: 'done'; notifiedBy: NotifiedBy };

/** Restricts processing: the person's data are only stored, on every channel, whatever permissions they have. */
export async function restrictProcessing(
  app: App,
  actor: Actor,
  contactPointId: string,
  reason: RestrictionReason,
  how: (typeof waysOfSayingNo)[number],
): Promise<RestrictResult> {
  return changeRestriction(app, actor, contactPointId, async (tx, { person, locale }, at) => {
    const current = await restrictionOf(tx, person.id, at);
    if (current?.endsAt === null) return 'nothing';
    const typed = { reason, how };
    const evidence = await recordEvidence(tx, person, { ...about(at, locale), action: 'restrict', typed });
    const fact = { kind: 'restricted', person_id: person.id, occurred_at: at, actor: actor.id } as const;
    await appendPersonEvent(tx, at, fact, evidence);
    await recordAudit(tx, at, actor, 'permissions.restricted', `contact-point:${contactPointId}`, typed);
    return 'done';
  });
}

/** Announces the end of a restriction. It ends after `noticeDays`, unless the person asks for a new one. */
export async function liftRestriction(
  app: App,
  actor: Actor,
  contactPointId: string,
): Promise<RestrictResult> {
  return changeRestriction(app, actor, contactPointId, async (tx, { person, locale }, at) => {
    const current = await restrictionOf(tx, person.id, at);
    if (current?.endsAt !== null) return 'nothing';
    const endsAt = new Date(Date.parse(at) + noticeDays * 86_400_000).toISOString();
    const typed = { ends_at: endsAt };
    const evidence = await recordEvidence(tx, person, { ...about(at, locale), action: 'lift', typed });
    const fact = {
      kind: 'unrestricted',
      person_id: person.id,
      occurred_at: endsAt,
      actor: actor.id,
    } as const;
    await appendPersonEvent(tx, at, fact, evidence);
    await recordAudit(tx, at, actor, 'permissions.unrestricted', `contact-point:${contactPointId}`, typed);
    return 'done';
  });
}

function about(at: string, locale: Locale) {
  return { act: 'restriction' as const, at, locale, consents: [] };
}

async function changeRestriction(
  app: App,
  actor: Actor,
  contactPointId: string,
  change: (tx: Tx, owner: Owner, at: string) => Promise<'done' | 'nothing'>,
): Promise<RestrictResult> {
  requireAbility(actor, 'permissions.capture');
  const at = app.now().toISOString();
  const once = () =>
    app.db.transaction().execute(async (tx): Promise<RestrictResult> => {
      const owner = await findOwner(tx, app.keys, contactPointId);
      if (!owner || isUnlisted(owner)) return { outcome: 'unknown' };
      if ((await change(tx, owner, at)) === 'nothing') return { outcome: 'nothing' };
      const { person, locale } = owner;
      const to = { person, locale, knownMailbox: contactPointId, withoutChanges: true };
      const notifiedBy = await notifyPerson(tx, at, to, []);
      return { outcome: 'done', notifiedBy };
    });
  const result = await once().catch((error) => (isUniqueViolation(error) ? once() : Promise.reject(error)));
  app.mailsQueued();
  return result;
}

import type { Tx } from '#db/connect.ts';
import { isUniqueViolation } from '#db/errors.ts';
import type { Locale } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { recordEvidence } from '#src/evidence/record-evidence.ts';
import { appendPersonEvent, restrictionOf } from '#src/ledger/person-events.ts';
import { isUnlisted, type Owner, ownerOf } from '#src/people/owner-of.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { type Told, tellPerson } from './tell-person.ts';
import type { waysOfSayingNo } from './withdraw-at-desk.ts';

/** Art. 18 (1) (a) to (d) GDPR. */
export const restrictionReasons = [
  'accuracy_contested',
  'unlawful',
  'needed_for_claims',
  'objection_pending',
] as const;
export type RestrictionReason = (typeof restrictionReasons)[number];

/** A person is told before a restriction ends (Art. 18 (3) GDPR): so long before. */
export const daysAnnounced = 7;

export type RestrictResult = { outcome: 'unknown' | 'nothing' } | { outcome: 'done'; told: Told };

/** From now on the data of this person are only kept, on every channel, whatever was or will be granted. */
export async function restrictProcessing(
  app: App,
  actor: Actor,
  contactPointId: string,
  reason: RestrictionReason,
  how: (typeof waysOfSayingNo)[number],
): Promise<RestrictResult> {
  return act(app, actor, contactPointId, async (tx, { person, locale }, at) => {
    const standing = await restrictionOf(tx, person.id, at);
    if (standing?.endsAt === null) return 'nothing';
    const typed = { reason, how };
    const evidence = await recordEvidence(tx, person, { ...about(at, locale), action: 'restrict', typed });
    const fact = { kind: 'restricted', person_id: person.id, occurred_at: at, actor: actor.id } as const;
    await appendPersonEvent(tx, at, fact, evidence);
    await recordAudit(tx, at, actor, 'permissions.restricted', `contact-point:${contactPointId}`, typed);
    return 'done';
  });
}

/** Announces the end of a restriction, and settles it: it comes by itself, unless the person asks for one again. */
export async function liftRestriction(
  app: App,
  actor: Actor,
  contactPointId: string,
): Promise<RestrictResult> {
  return act(app, actor, contactPointId, async (tx, { person, locale }, at) => {
    const standing = await restrictionOf(tx, person.id, at);
    if (standing?.endsAt !== null) return 'nothing';
    const endsAt = new Date(Date.parse(at) + daysAnnounced * 86_400_000).toISOString();
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

async function act(
  app: App,
  actor: Actor,
  contactPointId: string,
  change: (tx: Tx, owner: Owner, at: string) => Promise<'done' | 'nothing'>,
): Promise<RestrictResult> {
  requireAbility(actor, 'permissions.capture');
  const at = app.now().toISOString();
  const once = () =>
    app.db.transaction().execute(async (tx): Promise<RestrictResult> => {
      const owner = await ownerOf(tx, app.keys, contactPointId);
      if (!owner || isUnlisted(owner)) return { outcome: 'unknown' };
      if ((await change(tx, owner, at)) === 'nothing') return { outcome: 'nothing' };
      const { person, locale } = owner;
      const to = { person, locale, knownMailbox: contactPointId, standing: true };
      const told = await tellPerson(tx, at, to, []);
      return { outcome: 'done', told };
    });
  const result = await once().catch((error) => (isUniqueViolation(error) ? once() : Promise.reject(error)));
  app.mailsQueued();
  return result;
}

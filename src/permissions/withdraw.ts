import type { Tx } from '#db/connect.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import type { Basis, Channel, EventOrigin, Locale, PermissionState, PermissionTable } from '#db/schema.ts';
import { recordEvidence } from '#src/evidence/record-evidence.ts';
import { append, lockedPermissions } from '#src/ledger/append.ts';
import { type Client, clientHint } from '#src/limits/client.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';

/** What changed for one permission. */
export interface Change {
  purpose: string;
  channel: Channel;
  from: PermissionState;
  to: PermissionState;
}

/** A permission, or a place where one could be, that gets a No. */
export interface Target {
  contactPointId: string;
  purposeId: string;
  purpose: string;
  channel: Channel;
}

export interface WithdrawalContext {
  person: PersonWithKey;
  origin: EventOrigin;
  actor: string;
  locale: Locale;
  /** The control that was used, for the evidence. */
  action: string;
  client: Client;
  /** When the person said so, where that is not now. */
  occurredAt?: string | undefined;
  /** Which no it is, where whoever tells it says so. */
  kind?: 'withdrawn' | 'refused';
}

/**
 * The one way to a No, whichever door it came through: what was granted is withdrawn, what waited is refused,
 * and a request that is still open can no longer be confirmed. Visible to the next decision.
 */
export async function withdraw(
  tx: Tx,
  at: string,
  targets: Target[],
  context: WithdrawalContext,
): Promise<Change[]> {
  const points = targets.map(({ contactPointId }) => contactPointId);
  const known = targets.length > 0 ? await lockedPermissions(tx, points) : [];
  // Whoever asks read the states before the lock: of two acts at once, the second finds the no of the first.
  const open = targets
    .map((target) => ({ ...target, ...standingOf(known, target) }))
    .filter(({ state }) => state !== 'withdrawn' && state !== 'refused');
  if (open.length === 0) return [];
  const evidence = await recordEvidence(tx, context.person, {
    act: 'withdrawal',
    at,
    locale: context.locale,
    action: context.action,
    consents: [],
    typed: { withdrawn: open.map((target) => `${target.purpose}:${target.channel}`) },
    client: clientHint(context.client),
  });
  const after = await append(
    tx,
    at,
    open.map((target) => ({
      kind: context.kind ?? kindOf(target),
      contact_point_id: target.contactPointId,
      purpose_id: target.purposeId,
      channel: target.channel,
      basis: target.basis,
      text_version_id: null,
      form_version_id: null,
      signup_id: null,
      origin: context.origin,
      actor: context.actor,
      evidence_grade: null,
      channel_verified: 0,
      occurred_at: context.occurredAt,
    })),
    evidence,
    { known },
  );
  await closeRequests(tx, at, after);
  return open.map((target, index) => ({
    purpose: target.purpose,
    channel: target.channel,
    from: target.state,
    to: after[index]?.state ?? 'withdrawn',
  }));
}

function standingOf(
  known: PermissionTable[],
  { contactPointId, purposeId }: Target,
): { state: PermissionState; basis: Basis } {
  const permission = known.find(
    (one) => one.contact_point_id === contactPointId && one.purpose_id === purposeId,
  );
  return { state: permission?.state ?? 'none', basis: permission?.basis ?? 'consent' };
}

/** Only a consent can be withdrawn. What stands on anything else is objected to (Art. 21 GDPR). */
function kindOf({
  state,
  basis,
}: {
  state: PermissionState;
  basis: Basis;
}): 'withdrawn' | 'objected' | 'refused' {
  if (state !== 'granted' && state !== 'expired') return 'refused';
  return basis === 'consent' ? 'withdrawn' : 'objected';
}

/** A link that is still in some mailbox must not bring back what was just refused. */
export async function closeRequests(tx: Tx, at: string, refused: PermissionTable[]): Promise<void> {
  const ids = new Set(refused.map(({ id }) => id));
  const signupIds = new Set<string>();
  for (const point of new Set(refused.map(({ contact_point_id }) => contact_point_id))) {
    const asked = await requestsAbout(tx, point);
    for (const { signup_id, permission_id } of asked) if (ids.has(permission_id)) signupIds.add(signup_id);
  }
  if (signupIds.size === 0) return;
  await tx
    .deleteFrom('signup_items')
    .where('signup_id', 'in', [...signupIds])
    .where(
      'permission_id',
      'in',
      refused.map((permission) => permission.id),
    )
    .execute();
  await tx
    .updateTable('signups')
    .set({ state: 'cancelled', answered_at: at })
    .where('id', 'in', [...signupIds])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('signup_items')
            .select('signup_items.signup_id')
            .whereRef('signup_items.signup_id', '=', 'signups.id'),
        ),
      ),
    )
    .execute();
}

/**
 * What is open about a contact point. By way of the person, for whom there are indexes, and without a table that the act
 * has written before (see `optimistically`).
 */
const requestsAbout = preparedByKey((db, isAsked) =>
  db
    .selectFrom('contact_points as asked_about')
    .innerJoin('contact_points as mailboxes', 'mailboxes.person_id', 'asked_about.person_id')
    .innerJoin('signups', 'signups.contact_point_id', 'mailboxes.id')
    .innerJoin('signup_items', (join) =>
      join
        .onRef('signup_items.signup_id', '=', 'signups.id')
        .onRef('signup_items.contact_point_id', '=', 'asked_about.id'),
    )
    .select(['asked_about.id as asked', 'signup_items.signup_id', 'signup_items.permission_id'])
    .where(isAsked('asked_about.id'))
    .where('signups.state', '=', 'open'),
);

import type { Tx } from '#db/connect.ts';
import type { EventOrigin } from '#db/schema/events.ts';
import type { PermissionTable } from '#db/schema/permissions.ts';
import type { Basis, Channel, Locale, PermissionState } from '#db/schema/vocabulary.ts';
import type { WriteTarget } from '#db/writes.ts';
import { recordEvidence } from '#src/evidence/record-evidence.ts';
import { appendTo, type Fact } from '#src/ledger/append.ts';
import { lockedPermissions } from '#src/ledger/current-permissions.ts';
import { type Client, clientHint } from '#src/limits/client.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { closeRequests, type OpenRequest, openRequests } from './close-requests.ts';

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
  if (targets.length === 0) return [];
  const points = targets.map(({ contactPointId }) => contactPointId);
  // The caller may have read the states before the lock: of two withdrawals at once, the second finds the no of the first.
  const permissions = await lockedPermissions(tx, points);
  return writeWithdrawal(tx, at, targets, context, {
    permissions,
    requests: await openRequests(tx, points),
  });
}

/** What a withdrawal depends on, about the contact points of its targets. */
export interface BeforeWithdrawal {
  permissions: PermissionTable[];
  requests: OpenRequest[];
}

/** Writes the withdrawal of everything that is not withdrawn or refused already. */
export async function writeWithdrawal(
  to: WriteTarget,
  at: string,
  targets: Target[],
  context: WithdrawalContext,
  { permissions, requests }: BeforeWithdrawal,
): Promise<Change[]> {
  const open = targets
    .map((target) => ({ ...target, ...currentOf(permissions, target) }))
    .filter(({ state }) => state !== 'withdrawn' && state !== 'refused');
  if (open.length === 0) return [];
  const evidence = await recordEvidence(to, context.person, {
    act: 'withdrawal',
    at,
    locale: context.locale,
    action: context.action,
    consents: [],
    typed: { withdrawn: open.map((target) => `${target.purpose}:${target.channel}`) },
    client: clientHint(context.client),
  });
  const facts = open.map((target) => factOf(target, context));
  const after = await appendTo(to, at, facts, evidence, permissions);
  await closeRequests(to, at, after, requests);
  return open.map((target, index) => ({
    purpose: target.purpose,
    channel: target.channel,
    from: target.state,
    to: after[index]?.state ?? 'withdrawn',
  }));
}

interface Current {
  state: PermissionState;
  basis: Basis;
}

function currentOf(permissions: PermissionTable[], { contactPointId, purposeId }: Target): Current {
  const permission = permissions.find(
    (one) => one.contact_point_id === contactPointId && one.purpose_id === purposeId,
  );
  return { state: permission?.state ?? 'none', basis: permission?.basis ?? 'consent' };
}

function factOf(target: Target & Current, { kind, origin, actor, occurredAt }: WithdrawalContext): Fact {
  return {
    kind: kind ?? kindOf(target),
    contact_point_id: target.contactPointId,
    purpose_id: target.purposeId,
    channel: target.channel,
    basis: target.basis,
    text_version_id: null,
    form_version_id: null,
    signup_id: null,
    origin,
    actor,
    evidence_grade: null,
    channel_verified: 0,
    ...(occurredAt === undefined ? {} : { occurred_at: occurredAt }),
  };
}

/** Only a consent can be withdrawn. What stands on anything else is objected to (Art. 21 GDPR). */
function kindOf({ state, basis }: Current): 'withdrawn' | 'objected' | 'refused' {
  if (state !== 'granted' && state !== 'expired') return 'refused';
  return basis === 'consent' ? 'withdrawn' : 'objected';
}

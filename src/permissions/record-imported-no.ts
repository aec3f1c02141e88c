import type { Tx } from '#db/connect.ts';
import type { PermissionTable } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { recordEvidence } from '#src/evidence/record-evidence.ts';
import { append, lockedPermissions } from '#src/ledger/append.ts';
import { addPerson, ensureContactPoints } from '#src/people/contact-points.ts';
import type { Owner, ReadAddress } from '#src/people/find-by-address.ts';
import { keepRefusal } from '#src/people/refusals.ts';
import { suppress } from '#src/people/suppress.ts';
import { type CaptureBatch, ownersIn, purposeIn } from './capture-batch.ts';
import { tellPerson } from './tell-person.ts';
import { withdraw } from './withdraw.ts';

/** A no that another system holds. */
export interface ImportedNo {
  address: ReadAddress;
  state: 'no' | 'withdrawn' | 'bounced' | 'complained';
  /** Without one: all purposes. A bounce or a complaint is about all of them anyway. */
  purpose?: string | undefined;
  /** When it was said; without it the no counts from now on. */
  at?: string | undefined;
  /** What the file says of it, for the evidence. */
  typed: Record<string, string>;
}

/** `older`: something that was said here later stays. `unchanged`: it was known already. */
export type ImportedNoResult =
  | { outcome: 'recorded' | 'older' | 'unchanged' }
  | { outcome: 'refused'; field: string; message: string };

/**
 * Takes over a no. It needs no proof and no known person: of a stranger the address is kept with the no. It ends a yes
 * that is older, and one that only another system claims; a later yes that a person gave here stays.
 */
export async function recordImportedNo(
  tx: Tx,
  app: App,
  no: ImportedNo,
  actor: string,
  batch: CaptureBatch,
): Promise<ImportedNoResult> {
  const now = app.now().toISOString();
  if (no.at !== undefined && no.at > now)
    return { outcome: 'refused', field: 'state_at', message: 'This has not happened yet.' };
  const purposes = no.purpose === undefined ? undefined : await purposeIn(batch, tx, no.purpose);
  if (purposes && !purposes.some(({ channel }) => channel === no.address.channel)) {
    const message = 'There is no such purpose on this channel.';
    return { outcome: 'refused', field: 'purpose', message };
  }
  const owners = await ownersIn(batch, tx, app.keys, no.address);
  const act = { tx, app, now, no, at: no.at ?? now, actor, batch, purposeId: purposes?.[0]?.id };
  if (no.state === 'bounced' || no.state === 'complained') return block(act, owners);
  if (no.address.channel === 'post') await meetOtherSpellings(act, owners.length > 0);
  if (owners.length > 0) return end(act, owners);
  return act.purposeId === undefined ? blockStranger(act) : keepOfStranger(act, act.purposeId);
}

interface Act {
  tx: Tx;
  app: App;
  now: string;
  no: ImportedNo;
  at: string;
  actor: string;
  batch: CaptureBatch;
  purposeId: string | undefined;
}

async function block({ tx, no, now, at }: Act, owners: Owner[]): Promise<ImportedNoResult> {
  // Its owner acted through this very address since: it is read.
  const later = owners.some(({ points }) => points.some(({ verified_at }) => (verified_at ?? '') > at));
  if (later) return { outcome: 'older' };
  const reason = no.state === 'bounced' ? 'bounce' : 'complaint';
  const blocked = await suppress(tx, now, [{ ...no.address, since: at, source: no.typed.source }], reason);
  return { outcome: blocked > 0 ? 'recorded' : 'unchanged' };
}

/** Whoever has a record of their own is spared: it says no itself, and a later yes there holds. */
async function meetOtherSpellings({ tx, app, no, at, ...act }: Act, known: boolean): Promise<void> {
  const { purposeId = null } = act;
  const spared = known || purposeId !== null ? [no.address.hash] : [];
  await keepRefusal(tx, app.keys, { at, typed: no.address.sendable, purposeId, spared });
}

async function blockStranger({ tx, no, now, at }: Act): Promise<ImportedNoResult> {
  const blocked = await suppress(
    tx,
    now,
    [{ ...no.address, since: at, source: no.typed.source }],
    'objection',
  );
  return { outcome: blocked > 0 ? 'recorded' : 'unchanged' };
}

async function keepOfStranger(act: Act, purposeId: string): Promise<ImportedNoResult> {
  const { tx, app, now, no, at, actor, batch } = act;
  const { channel, value, sendable, hash } = no.address;
  const person = await addPerson(tx, app.keys, 'de', now);
  const wanted = [{ channel, value, typed: sendable, source: 'import' }];
  const [point] = await ensureContactPoints(tx, app.keys, person, wanted, now);
  if (!point) return { outcome: 'unchanged' };
  const evidence = await recordEvidence(tx, person, {
    act: 'withdrawal',
    at: now,
    locale: 'de',
    action: 'import',
    consents: [],
    typed: no.typed,
  });
  const fact = {
    kind: kindOf(no),
    contact_point_id: point.id,
    purpose_id: purposeId,
    channel,
    basis: 'consent',
    text_version_id: null,
    form_version_id: null,
    signup_id: null,
    origin: 'import',
    actor,
    evidence_grade: null,
    channel_verified: 0,
    occurred_at: at,
  } as const;
  await append(tx, now, [fact], evidence, { known: [] });
  const { isNew: _, ...known } = person;
  batch.owners.set(hash, [{ person: known, locale: 'de', points: [point] }]);
  return { outcome: 'recorded' };
}

async function end(act: Act, owners: Owner[]): Promise<ImportedNoResult> {
  const outcomes: ImportedNoResult['outcome'][] = [];
  for (const owner of owners) for (const { id } of owner.points) outcomes.push(await endAt(act, owner, id));
  const first = (['recorded', 'older'] as const).find((one) => outcomes.includes(one));
  return { outcome: first ?? 'unchanged' };
}

async function endAt(act: Act, owner: Owner, pointId: string): Promise<'recorded' | 'older' | 'unchanged'> {
  const { tx, now, no, at, actor, purposeId } = act;
  const own = await lockedPermissions(tx, [pointId]);
  const concerned = purposeId === undefined ? own : own.filter(({ purpose_id }) => purpose_id === purposeId);
  const later = await givenHereSince(tx, concerned, at);
  const open = concerned.filter((one) => isOpen(one) && !later.has(one.id));
  const unknown = purposeId !== undefined && concerned.length === 0 ? [purposeId] : [];
  const ids = [...open.map(({ purpose_id }) => purpose_id), ...unknown];
  if (ids.length === 0)
    return later.size > 0 || concerned.some(({ since }) => since > at) ? 'older' : 'unchanged';
  const keys = await tx.selectFrom('purposes').select(['id', 'key']).where('id', 'in', ids).execute();
  const { channel } = no.address;
  const changes = await withdraw(
    tx,
    now,
    keys.map(({ id, key }) => ({ contactPointId: pointId, purposeId: id, purpose: key, channel })),
    {
      person: owner.person,
      origin: 'import',
      actor,
      locale: owner.locale,
      action: ['import', no.typed.source, no.typed.proof_ref].filter(Boolean).join(': '),
      client: { address: '', userAgent: null, pageUrl: null },
      occurredAt: at,
      kind: kindOf(no),
    },
  );
  // Who had said nothing here has nothing to be told: what another system held is no news to them.
  const news = changes.filter(({ from }) => from === 'granted' || from === 'pending');
  await tellPerson(tx, now, { ...owner, onPaper: false }, news);
  return 'recorded';
}

/** What may still be used, or waits to be confirmed, or ran out: a no to it is new. */
function isOpen({ state }: PermissionTable): boolean {
  return state !== 'withdrawn' && state !== 'refused';
}

/** Permissions that stand or are asked for because of what their person did here after this moment. */
async function givenHereSince(tx: Tx, permissions: PermissionTable[], at: string): Promise<Set<string>> {
  const standing = permissions.filter(({ state }) => state === 'granted' || state === 'pending');
  if (standing.length === 0) return new Set();
  const rows = await tx
    .selectFrom('events')
    .select(['permission_id', 'kind'])
    .where(
      'permission_id',
      'in',
      standing.map(({ id }) => id),
    )
    .where('kind', 'in', ['requested', 'confirmed', 'granted', 'renewed'])
    .where('occurred_at', '>', at)
    .execute();
  const asked = (id: string) => standing.find((one) => one.id === id)?.state === 'pending';
  const given = rows.filter(({ permission_id, kind }) => asked(permission_id) === (kind === 'requested'));
  return new Set(given.map(({ permission_id }) => permission_id));
}

function kindOf({ state }: ImportedNo): 'withdrawn' | 'refused' {
  return state === 'no' ? 'refused' : 'withdrawn';
}

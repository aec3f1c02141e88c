import type { Tx } from '#db/connect.ts';
import type { PermissionTable } from '#db/schema/permissions.ts';
import type { App } from '#src/app/app.ts';
import { recordEvidence } from '#src/evidence/record-evidence.ts';
import { defaultLocale } from '#src/i18n/locales.ts';
import { appendTo } from '#src/ledger/append.ts';
import { lockedPermissions } from '#src/ledger/current-permissions.ts';
import { addPerson, ensureContactPoints } from '#src/people/contact-points.ts';
import type { AddressOwner, ParsedAddress } from '#src/people/find-by-address.ts';
import { storeRefusal } from '#src/people/refusals.ts';
import { suppress } from '#src/people/suppress.ts';
import { type CaptureBatch, ownersIn, purposeIn } from './capture-batch.ts';
import { notifyPerson } from './notify-person.ts';
import { withdraw } from './withdraw.ts';

/** An objection, bounce or complaint recorded in another system. */
export interface ImportedNo {
  address: ParsedAddress;
  state: 'no' | 'withdrawn' | 'bounced' | 'complained';
  /** Default: all purposes. Ignored for a bounce or complaint, which always concerns all. */
  purpose?: string | undefined;
  /** When it happened; default: now. */
  at?: string | undefined;
  /** The fields of the file, for the evidence. */
  typed: Record<string, string>;
}

/** `older`: a newer statement of the person stays in force. `unchanged`: it was recorded already. */
export type ImportedNoResult =
  | { outcome: 'recorded' | 'older' | 'unchanged' }
  | { outcome: 'refused'; field: string; message: string };

/**
 * Imports an objection. It needs no proof and no known person: for an unknown address, the address is stored with it.
 * It ends older consents and consents that only another system claims; a newer consent given here stays in force.
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
  const job = { tx, app, now, no, at: no.at ?? now, actor, batch, purposeId: purposes?.[0]?.id };
  if (no.state === 'bounced' || no.state === 'complained') return block(job, owners);
  if (no.address.channel === 'post') await coverOtherSpellings(job, owners.length > 0);
  if (owners.length > 0) return withdrawAll(job, owners);
  return job.purposeId === undefined ? blockUnknown(job) : recordForUnknown(job, job.purposeId);
}

interface Job {
  tx: Tx;
  app: App;
  now: string;
  no: ImportedNo;
  at: string;
  actor: string;
  batch: CaptureBatch;
  purposeId: string | undefined;
}

async function block({ tx, no, now, at }: Job, owners: AddressOwner[]): Promise<ImportedNoResult> {
  // The owner has used this address since then, so it works.
  const later = owners.some(({ points }) => points.some(({ verified_at }) => (verified_at ?? '') > at));
  if (later) return { outcome: 'older' };
  const reason = no.state === 'bounced' ? 'bounce' : 'complaint';
  const blocked = await suppress(tx, now, [{ ...no.address, since: at, source: no.typed.source }], reason);
  return { outcome: blocked > 0 ? 'recorded' : 'unchanged' };
}

/** Addresses with a permission of their own are exempt: that permission records the objection, and a later consent. */
async function coverOtherSpellings({ tx, app, no, at, ...job }: Job, hasOwner: boolean): Promise<void> {
  const { purposeId = null } = job;
  const spared = hasOwner || purposeId !== null ? [no.address.hash] : [];
  await storeRefusal(tx, app.keys, { at, typed: no.address.sendable, purposeId, spared });
}

async function blockUnknown({ tx, no, now, at }: Job): Promise<ImportedNoResult> {
  const blocked = await suppress(
    tx,
    now,
    [{ ...no.address, since: at, source: no.typed.source }],
    'objection',
  );
  return { outcome: blocked > 0 ? 'recorded' : 'unchanged' };
}

async function recordForUnknown(job: Job, purposeId: string): Promise<ImportedNoResult> {
  const { tx, app, now, no, at, actor, batch } = job;
  const { channel, value, sendable, hash } = no.address;
  const person = await addPerson(tx, app.keys, defaultLocale, now);
  const wanted = [{ channel, value, typed: sendable, source: 'import' }];
  const [point] = await ensureContactPoints(tx, app.keys, person, wanted, now);
  if (!point) return { outcome: 'unchanged' };
  const evidence = await recordEvidence(tx, person, {
    act: 'withdrawal',
    at: now,
    locale: defaultLocale,
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
  await appendTo(tx, now, [fact], evidence, []);
  const { isNew: _, ...stored } = person;
  batch.owners.set(hash, [{ person: stored, locale: defaultLocale, points: [point] }]);
  return { outcome: 'recorded' };
}

async function withdrawAll(job: Job, owners: AddressOwner[]): Promise<ImportedNoResult> {
  const outcomes: ImportedNoResult['outcome'][] = [];
  for (const owner of owners)
    for (const { id } of owner.points) outcomes.push(await withdrawAt(job, owner, id));
  const first = (['recorded', 'older'] as const).find((one) => outcomes.includes(one));
  return { outcome: first ?? 'unchanged' };
}

async function withdrawAt(
  job: Job,
  owner: AddressOwner,
  pointId: string,
): Promise<'recorded' | 'older' | 'unchanged'> {
  const { tx, now, no, at, actor, purposeId } = job;
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
  // People without a permission here get no notice: they already know what they told the other system.
  const notable = changes.filter(({ from }) => from === 'granted' || from === 'pending');
  await notifyPerson(tx, now, { ...owner, onPaper: false }, notable);
  return 'recorded';
}

/** Granted, pending or expired, so that an objection changes it. */
function isOpen({ state }: PermissionTable): boolean {
  return state !== 'withdrawn' && state !== 'refused';
}

/** Permissions that are granted or pending because of what the person did here after this time. */
async function givenHereSince(tx: Tx, permissions: PermissionTable[], at: string): Promise<Set<string>> {
  const active = permissions.filter(({ state }) => state === 'granted' || state === 'pending');
  if (active.length === 0) return new Set();
  const rows = await tx
    .selectFrom('events')
    .select(['permission_id', 'kind'])
    .where(
      'permission_id',
      'in',
      active.map(({ id }) => id),
    )
    .where('kind', 'in', ['requested', 'confirmed', 'granted', 'renewed'])
    .where('occurred_at', '>', at)
    .execute();
  const isPending = (id: string) => active.find((one) => one.id === id)?.state === 'pending';
  const given = rows.filter(({ permission_id, kind }) => isPending(permission_id) === (kind === 'requested'));
  return new Set(given.map(({ permission_id }) => permission_id));
}

function kindOf({ state }: ImportedNo): 'withdrawn' | 'refused' {
  return state === 'no' ? 'refused' : 'withdrawn';
}

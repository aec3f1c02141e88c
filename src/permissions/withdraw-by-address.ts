import { lockKeys, lockRows, type Tx } from '#db/connect.ts';
import type { Channel, EventOrigin } from '#db/schema.ts';
import type { App } from '#src/app.ts';
import { type MatrixCell, permissionMatrix } from '#src/ledger/permission-matrix.ts';
import { findByAddress, type Owner, readAddress } from '#src/people/find-by-address.ts';
import { suppress } from '#src/people/suppress.ts';
import { type Told, tellPerson } from './tell-person.ts';
import { type Change, withdraw } from './withdraw.ts';

/** A no that came by telephone, letter or in a talk, and was written down by somebody else. */
export interface Withdrawal {
  contactPoint: string;
  /** Neither of both: everything. */
  purpose?: string;
  channel?: Channel;
  /** How the person said so, in a few words. */
  how: string;
}

export type WithdrawByAddressResult =
  | { outcome: 'invalid_contact_point' | 'unknown_purpose' }
  | {
      outcome: 'withdrawn';
      changes: (Change & { permissionId: string | null })[];
      /** The address was not known, or had nothing to withdraw: from now on it is blocked. */
      suppressed: boolean;
      /** How the person hears of it. */
      told: Told;
    };

/**
 * Withdraws for whoever has this address, on all of their channels. Where several people share a number,
 * it withdraws what hangs on the number. Needs no form, no reason and no proof: anybody may say no.
 */
export async function withdrawByAddress(
  tx: Tx,
  app: App,
  asked: Withdrawal,
  by: { origin: EventOrigin; actor: string },
): Promise<WithdrawByAddressResult> {
  const addresses = readAddress(app.keys, asked.contactPoint);
  if (addresses.length === 0) return { outcome: 'invalid_contact_point' };
  const purpose = asked.purpose === undefined ? null : await purposeId(tx, asked.purpose);
  if (purpose === undefined) return { outcome: 'unknown_purpose' };
  const at = app.now().toISOString();
  await lockKeys(
    tx,
    addresses.map(({ hash }) => hash),
  );
  const owners = await findByAddress(tx, app.keys, addresses);
  await lockPeople(tx, owners);
  const changes: (Change & { permissionId: string | null })[] = [];
  let told: Told = 'nothing';
  for (const owner of owners) {
    const cells = await cellsOf(tx, owner, asked, owners.length > 1);
    const done = await withdraw(tx, at, cells.flatMap(targetOf), {
      person: owner.person,
      origin: by.origin,
      actor: by.actor,
      locale: owner.locale,
      action: `withdrawal: ${asked.how}`,
      client: { address: '', userAgent: null, pageUrl: null },
    });
    changes.push(...done.map((change) => ({ ...change, permissionId: permissionOf(cells, change) })));
    const now = await tellPerson(tx, at, { ...owner, knownMailbox: owner.points[0]?.id }, done);
    if (told !== 'mail' && now !== 'nothing') told = now;
  }
  const suppressed = changes.length === 0 && !(await alreadySaidNo(tx, owners));
  if (suppressed) {
    // The address itself is kept, as a hash, so that nobody writes to it later.
    const concerned = addresses.filter(({ channel }) => !asked.channel || channel === asked.channel);
    await suppress(tx, at, concerned, 'objection', purpose);
  }
  return { outcome: 'withdrawn', changes, suppressed, told };
}

/** Before their permissions are read. The mailboxes first, as every act about a person takes them. */
async function lockPeople(tx: Tx, owners: Owner[]): Promise<void> {
  const ids = owners.map(({ person }) => person.id);
  if (ids.length === 0) return;
  await lockRows(tx, 'contact_points', (eb) =>
    eb
      .selectFrom('contact_points as own')
      .select('own.id')
      .where('own.person_id', 'in', ids)
      .where('own.channel', '=', 'email'),
  );
  await lockRows(tx, 'contact_points', (eb) =>
    eb.selectFrom('contact_points as own').select('own.id').where('own.person_id', 'in', ids),
  );
}

/** `undefined` when there is no such purpose. */
async function purposeId(tx: Tx, key: string): Promise<string | undefined> {
  const row = await tx.selectFrom('purposes').select('id').where('key', '=', key).executeTakeFirst();
  return row?.id;
}

async function cellsOf(tx: Tx, owner: Owner, asked: Withdrawal, shared: boolean): Promise<MatrixCell[]> {
  const cells = await permissionMatrix(tx, owner.person, owner.locale);
  const own = new Set(owner.points.map(({ id }) => id));
  const named = asked.purpose !== undefined && asked.channel !== undefined;
  return cells.filter(
    (cell) =>
      cell.contactPointId !== null &&
      (!shared || own.has(cell.contactPointId)) &&
      (asked.purpose === undefined || cell.purpose === asked.purpose) &&
      (asked.channel === undefined || cell.channel === asked.channel) &&
      // A no to one thing is kept even where nothing was ever said about it.
      (named || cell.state === 'granted' || cell.state === 'pending' || cell.state === 'expired'),
  );
}

function targetOf(cell: MatrixCell) {
  if (!cell.contactPointId) return [];
  const { contactPointId, purposeId, purpose, channel } = cell;
  return [{ contactPointId, purposeId, purpose, channel }];
}

function permissionOf(cells: MatrixCell[], change: Change): string | null {
  const cell = cells.find((one) => one.purpose === change.purpose && one.channel === change.channel);
  return cell?.permissionId ?? null;
}

/** Saying it again changes nothing, and turns no `withdrawn` into a block. */
async function alreadySaidNo(tx: Tx, owners: Owner[]): Promise<boolean> {
  const ids = owners.flatMap(({ points }) => points.map(({ id }) => id));
  if (ids.length === 0) return false;
  const no = await tx
    .selectFrom('permissions')
    .select('id')
    .where('contact_point_id', 'in', ids)
    .where('state', 'in', ['withdrawn', 'refused'])
    .limit(1)
    .executeTakeFirst();
  return no !== undefined;
}

import type { Tx } from '#db/connect.ts';
import { lockKeys, lockRows } from '#db/locks.ts';
import type { EventOrigin } from '#db/schema/events.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { type MatrixCell, permissionMatrix } from '#src/ledger/permission-matrix.ts';
import { type AddressOwner, parseAddress } from '#src/people/find-by-address.ts';
import { findMatchingPeople, type PersonMatch, storeRefusal } from '#src/people/refusals.ts';
import { suppress } from '#src/people/suppress.ts';
import { addressesOf, hashesOf, pointsOf } from './blocked-addresses.ts';
import { type NotifiedBy, notifyPerson } from './notify-person.ts';
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
      /** How many known people it is about. Nobody: the block stays all the same, for whoever comes with the address. */
      matched: number;
      changes: (Change & { permissionId: string | null })[];
      /** The address was not known, had nothing to withdraw, or is somebody's only in all likelihood: it is blocked. */
      suppressed: boolean;
      /** How the person hears of it. */
      notifiedBy: NotifiedBy;
      /** For a person to look at: who is blocked in all likelihood, and who was near. */
      candidates: { contactPointId: string; blocked: boolean }[];
    };

/**
 * Withdraws for whoever has this address, on all of their channels. Where several people share a number,
 * it withdraws what hangs on the number. Needs no form, no reason and no proof: anybody may say no. A postal address
 * is compared widely (law.md 6.6): whoever is meant beyond doubt has withdrawn, whoever is meant in all likelihood is
 * blocked until a person has looked.
 */
export async function withdrawByAddress(
  tx: Tx,
  app: App,
  asked: Withdrawal,
  by: { origin: EventOrigin; actor: string },
): Promise<WithdrawByAddressResult> {
  const addresses = parseAddress(app.keys, asked.contactPoint);
  if (addresses.length === 0) return { outcome: 'invalid_contact_point' };
  const purpose = asked.purpose === undefined ? null : await purposeId(tx, asked.purpose);
  if (purpose === undefined) return { outcome: 'unknown_purpose' };
  const at = app.now().toISOString();
  await lockKeys(
    tx,
    addresses.map(({ hash }) => hash),
  );
  const meant = await findMatchingPeople(tx, app.keys, asked.contactPoint, addresses);
  const owners = meant.filter(({ level }) => level === 'same');
  const likely = meant.filter(({ level }) => level === 'likely');
  await lockPeople(tx, [...owners, ...likely]);
  // A mailbox has one reader, whatever sub-addresses they use; a number or a letter box may have several.
  const shared = owners.length > 1 && addresses[0]?.channel !== 'email';
  const changes: (Change & { permissionId: string | null })[] = [];
  let notifiedBy: NotifiedBy = 'nothing';
  for (const owner of owners) {
    const cells = await cellsOf(tx, owner, asked, shared);
    const done = await withdraw(tx, at, cells.flatMap(targetOf), {
      person: owner.person,
      origin: by.origin,
      actor: by.actor,
      locale: owner.locale,
      action: `withdrawal: ${asked.how}`,
      client: { address: '', userAgent: null, pageUrl: null },
    });
    changes.push(...done.map((change) => ({ ...change, permissionId: permissionOf(cells, change) })));
    const now = await notifyPerson(tx, at, { ...owner, knownMailbox: owner.points[0]?.id }, done);
    if (notifiedBy !== 'mail' && now !== 'nothing') notifiedBy = now;
  }
  const blocks = changes.length === 0 && !(await alreadySaidNo(tx, owners));
  const concerned = addresses.filter(({ channel }) => !asked.channel || channel === asked.channel);
  if (blocks) {
    // The address itself is kept, as a hash, so that nobody writes to it later.
    await suppress(tx, at, [...hashesOf(app, concerned), ...pointsOf(owners, asked)], 'objection', purpose);
  }
  if (concerned.some(({ channel }) => channel === 'post')) {
    const spared = blocks ? [] : pointsOf(owners, asked).map(({ hash }) => hash);
    await refuseLetters(tx, app, asked, { at, purposeId: purpose, spared, likely });
  }
  return {
    outcome: 'withdrawn',
    matched: owners.length + likely.length,
    changes,
    suppressed: blocks || likely.length > 0,
    notifiedBy,
    candidates: meant.flatMap(({ level, points: [point] }) =>
      level === 'same' || !point ? [] : [{ contactPointId: point.id, blocked: level === 'likely' }],
    ),
  };
}

/** Keeps the no for other spellings of the address, and blocks the people who are meant in all likelihood. */
async function refuseLetters(
  tx: Tx,
  app: App,
  asked: Withdrawal,
  no: { at: string; purposeId: string | null; spared: string[]; likely: PersonMatch[] },
): Promise<void> {
  const { at, purposeId, spared, likely } = no;
  const refusal = await storeRefusal(tx, app.keys, { at, typed: asked.contactPoint, purposeId, spared });
  await suppress(tx, at, await addressesOf(tx, likely, asked), 'objection', purposeId, refusal);
}

/** Before their permissions are read. The mailboxes first, as every act about a person takes them. */
async function lockPeople(tx: Tx, owners: AddressOwner[]): Promise<void> {
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

async function cellsOf(
  tx: Tx,
  owner: AddressOwner,
  asked: Withdrawal,
  shared: boolean,
): Promise<MatrixCell[]> {
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
async function alreadySaidNo(tx: Tx, owners: AddressOwner[]): Promise<boolean> {
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

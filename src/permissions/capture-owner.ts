import type { Tx } from '#db/connect.ts';
import type { EventOrigin } from '#db/schema/events.ts';
import type { ContactPointTable } from '#db/schema/people.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import {
  addPerson,
  ensureContactPoints,
  findPerson,
  type PersonWithKey,
} from '#src/people/contact-points.ts';
import { decryptJson, encryptJson } from '#src/people/encryption.ts';
import type { AddressOwner, ParsedAddress } from '#src/people/find-by-address.ts';
import { homeCountry } from '#src/people/home-country.ts';
import { findRefusals } from '#src/people/refusals.ts';
import { settleCountry } from '#src/people/settle-country.ts';
import { suppress } from '#src/people/suppress.ts';
import type { Capture } from './capture.ts';
import { type CaptureBatch, ownersIn } from './capture-batch.ts';
import { claimedAt } from './weigh-evidence.ts';

export interface CapturedBy {
  origin: EventOrigin;
  actor: string;
  /** The owner of the permission, if the capturing user has chosen them. */
  personId?: string;
  /** The details in the capture replace the stored ones. */
  corrects?: boolean;
}

/** Whose permission is captured, and at which of their contact points. */
export interface CaptureOwner {
  person: PersonWithKey;
  locale: Locale;
  point: ContactPointTable;
}

interface CapturedAt {
  capture: Capture;
  address: ParsedAddress;
  by: CapturedBy;
  /** For a person who is added. */
  locale: Locale;
}

/** Finds or adds the owner of the address, with the details that the capture gives. */
export async function captureOwner(
  tx: Tx,
  app: App,
  batch: CaptureBatch,
  { capture, address, by, locale }: CapturedAt,
): Promise<CaptureOwner> {
  const at = app.now().toISOString();
  const owners = await ownersIn(batch, tx, app.keys, address);
  const existing = await existingOwner(tx, app, owners, address, by.personId);
  const details = Object.fromEntries(Object.entries(capture.person).filter(([, value]) => value));
  const person = existing?.person ?? (await addPerson(tx, app.keys, locale, at, details));
  const own = owners.find((one) => one.person.id === person.id)?.points[0];
  const point = own ?? (await addPoint(tx, app, person, { capture, address }));
  if (existing) await updateDetails(tx, person, details, by.corrects === true);
  if (details.country || address.channel !== 'email') {
    await settleCountry(tx, { personId: person.id, stated: homeCountry(details, []) ?? null });
  }
  const owner = { person, locale: existing?.locale ?? locale };
  // Later captures of the batch find the new owner.
  if (!own) {
    const { isNew: _, ...stored } = person;
    batch.owners.set(address.hash, [...owners, { ...owner, person: stored, points: [point] }]);
  }
  return { ...owner, point };
}

async function addPoint(
  tx: Tx,
  app: App,
  person: PersonWithKey,
  { capture, address }: Pick<CapturedAt, 'capture' | 'address'>,
): Promise<ContactPointTable> {
  const wanted = {
    channel: address.channel,
    value: address.value,
    typed: address.sendable,
    source: `capture:${capture.method ?? capture.basis}`,
    claimedAt: claimedAt(capture),
  };
  const at = app.now().toISOString();
  const [point] = (await ensureContactPoints(tx, app.keys, person, [wanted], at)) as [ContactPointTable];
  if (address.channel === 'post') {
    // An earlier objection to another spelling also blocks this address in exported suppression lists.
    for (const no of await findRefusals(tx, app.keys, capture.contact_point, address.hash)) {
      await suppress(tx, no.created_at, [address], 'objection', no.purpose_id, no.id);
    }
  }
  return point;
}

/** A mailbox has one owner; a number can get a second one. */
async function existingOwner(
  tx: Tx,
  app: App,
  owners: AddressOwner[],
  address: ParsedAddress,
  personId: string | undefined,
): Promise<{ person: PersonWithKey; locale: Locale } | undefined> {
  const own = owners.find(({ person }) => person.id === personId);
  if (own || !personId || (address.channel === 'email' && owners.length > 0)) return own ?? owners[0];
  const person = await findPerson(tx, app.keys, personId);
  if (!person) return owners[0];
  const { locale } = await tx
    .selectFrom('people')
    .select('locale')
    .where('id', '=', personId)
    .executeTakeFirstOrThrow();
  return { person, locale };
}

/** Adds missing details. Existing ones are replaced only by a correction. */
async function updateDetails(
  tx: Tx,
  person: PersonWithKey,
  given: Record<string, string | undefined>,
  corrects: boolean,
): Promise<void> {
  if (Object.keys(given).length === 0) return;
  const row = await tx
    .selectFrom('people')
    .select('details_enc')
    .where('id', '=', person.id)
    .executeTakeFirst();
  const before = row?.details_enc ? decryptJson<Record<string, string>>(person.key, row.details_enc) : {};
  const details: Record<string, string | undefined> = corrects
    ? { ...before, ...given }
    : { ...given, ...before };
  if (Object.entries(details).every(([name, value]) => before[name] === value)) return;
  await tx
    .updateTable('people')
    .set({ details_enc: encryptJson(person.key, details) })
    .where('id', '=', person.id)
    .execute();
}

import type { Tx } from '#db/connect.ts';
import type { ContactPointTable, EventOrigin, Locale } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { addPerson, ensureContactPoints, findPerson, type KnownPerson } from '#src/people/contact-points.ts';
import { decryptJson, encryptJson } from '#src/people/encryption.ts';
import type { Owner, ReadAddress } from '#src/people/find-by-address.ts';
import { refusalsOf } from '#src/people/refusals.ts';
import { suppress } from '#src/people/suppress.ts';
import { type Capture, claimedAt } from './capture.ts';
import { type CaptureBatch, ownersIn } from './capture-batch.ts';

export interface CapturedBy {
  origin: EventOrigin;
  actor: string;
  /** Whose permission it is, where whoever takes it down knows them already. */
  personId?: string;
  /** What is said about the person replaces what was known before. */
  corrects?: boolean;
}

/** Whose permission is captured, and at which of their contact points. */
export interface CaptureOwner {
  person: KnownPerson;
  locale: Locale;
  point: ContactPointTable;
}

interface CapturedAt {
  capture: Capture;
  address: ReadAddress;
  by: CapturedBy;
  /** Of whoever is added. */
  locale: Locale;
}

/** Whoever stands behind the address, added where nobody does, with what the capture says about them. */
export async function captureOwner(
  tx: Tx,
  app: App,
  batch: CaptureBatch,
  { capture, address, by, locale }: CapturedAt,
): Promise<CaptureOwner> {
  const at = app.now().toISOString();
  const owners = await ownersIn(batch, tx, app.keys, address);
  const known = await knownOwner(tx, app, owners, address, by.personId);
  const details = Object.fromEntries(Object.entries(capture.person).filter(([, value]) => value));
  const person = known?.person ?? (await addPerson(tx, app.keys, locale, at, details));
  const own = owners.find((one) => one.person.id === person.id)?.points[0];
  const point = own ?? (await addPoint(tx, app, person, { capture, address }));
  if (known) await keepDetails(tx, person, details, by.corrects === true);
  const owner = { person, locale: known?.locale ?? locale };
  // Whoever comes next with this address finds them there.
  if (!own) {
    const { isNew: _, ...notNewAnyMore } = person;
    batch.owners.set(address.hash, [...owners, { ...owner, person: notNewAnyMore, points: [point] }]);
  }
  return { ...owner, point };
}

async function addPoint(
  tx: Tx,
  app: App,
  person: KnownPerson,
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
    // A no in another spelling, given before anybody was known here, blocks this one for programs that keep a copy, too.
    for (const no of await refusalsOf(tx, app.keys, capture.contact_point, address.hash)) {
      await suppress(tx, no.created_at, [address], 'objection', no.purpose_id, no.id);
    }
  }
  return point;
}

/** Whoever stands there already. A mailbox has one owner; a number may be that of one more person. */
async function knownOwner(
  tx: Tx,
  app: App,
  owners: Owner[],
  address: ReadAddress,
  personId: string | undefined,
): Promise<{ person: KnownPerson; locale: Locale } | undefined> {
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

/** What was not known of the person is added; what was is only replaced where that is what has to be mended. */
async function keepDetails(
  tx: Tx,
  person: KnownPerson,
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

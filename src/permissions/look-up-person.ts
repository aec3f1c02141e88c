import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { type MatrixCell, permissionMatrix } from '#src/ledger/permission-matrix.ts';
import { findPerson, type PersonWithKey } from '#src/people/contact-points.ts';
import { decryptJson, decryptText } from '#src/people/encryption.ts';
import { type Block, findBlocks } from '#src/people/find-blocks.ts';
import { homeCountry } from '#src/people/home-country.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { type DeskEvent, loadDeskEvents } from './look-up-events.ts';

export interface DeskContactPoint {
  id: string;
  channel: Channel;
  value: string;
  /** E.g. `form:newsletter`. */
  source: string;
  createdAt: string;
  /** When its owner last acted through it. */
  verifiedAt: string | null;
  /** When its owner confirmed it, according to another system. */
  claimedAt: string | null;
}

/** A person, as shown at the desk. */
export interface DeskPerson {
  personId: string;
  /** The contact point that the page is about. */
  current: DeskContactPoint;
  contactPoints: DeskContactPoint[];
  /** Name, company and the like. */
  details: Record<string, string>;
  /** ISO code, if their data tell it. */
  country: string | undefined;
  cells: MatrixCell[];
  blocks: Block[];
  /** Newest first. */
  events: DeskEvent[];
  /** The mailbox that receives notices of changes. Null: only letters. */
  notifiedAt: string | null;
}

/** `undefined` if the contact point does not exist or its owner was erased. */
export async function findAtDesk(
  app: App,
  actor: Actor,
  contactPointId: string,
  locale: Locale,
): Promise<DeskPerson | undefined> {
  requireAbility(actor, 'permissions.read');
  const { db } = app;
  const point = await db
    .selectFrom('contact_points')
    .select('person_id')
    .where('id', '=', contactPointId)
    // Excludes the mailboxes of staff.
    .where('lookup_hash', 'is not', null)
    .executeTakeFirst();
  const person = point && (await findPerson(db, app.keys, point.person_id));
  if (!person) return undefined;
  const points = await contactPointsOf(app, person);
  const contactPoints = points.map(({ hash: _, ...point }) => point);
  const current = contactPoints.find(({ id }) => id === contactPointId);
  if (!current) return undefined;
  const cells = await permissionMatrix(db, person, locale);
  const ids = contactPoints.map(({ id }) => id);
  const details = await detailsOf(app, person);
  return {
    personId: person.id,
    current,
    contactPoints,
    details,
    country: homeCountry(details, contactPoints),
    cells,
    blocks: await findBlocks(
      db,
      app.keys,
      points.map(({ channel, value, hash }) => ({ channel, value, typed: value, hash })),
      app.now().toISOString(),
    ),
    events: await loadDeskEvents(db, person, ids),
    notifiedAt:
      contactPoints.findLast((one) => one.channel === 'email' && (one.verifiedAt ?? one.claimedAt))?.value ??
      null,
  };
}

async function contactPointsOf(
  app: App,
  person: PersonWithKey,
): Promise<(DeskContactPoint & { hash: string })[]> {
  const rows = await app.db
    .selectFrom('contact_points')
    .selectAll()
    .where('person_id', '=', person.id)
    .where('lookup_hash', 'is not', null)
    .orderBy('created_at')
    // Those of one signup have the same time.
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    channel: row.channel,
    value: row.value_enc ? decryptText(person.key, row.value_enc) : '',
    source: row.source,
    createdAt: row.created_at,
    verifiedAt: row.verified_at,
    hash: row.lookup_hash ?? '',
    claimedAt: row.claimed_at,
  }));
}

async function detailsOf(app: App, person: PersonWithKey): Promise<Record<string, string>> {
  const row = await app.db
    .selectFrom('people')
    .select('details_enc')
    .where('id', '=', person.id)
    .executeTakeFirst();
  return row?.details_enc ? decryptJson<Record<string, string>>(person.key, row.details_enc) : {};
}

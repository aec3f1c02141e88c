import type { Db } from '#db/connect.ts';
import type { EventKind, EventOrigin } from '#db/schema/events.ts';
import type { Basis, Channel, EvidenceGrade, Locale, PermissionState } from '#db/schema/vocabulary.ts';
import { groundAnswer, groundSentences } from '#src/i18n/ground-words.ts';
import { translator } from '#src/i18n/translate.ts';
import { publicId } from '#src/ids/public-id.ts';
import { cellGrounds } from '#src/ledger/cell-grounds.ts';
import { type MatrixCell, permissionMatrix } from '#src/ledger/permission-matrix.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';

/** Everything that a receipt says of one permission. Times are ISO 8601 in UTC. */
export interface ReceiptFacts {
  /** The language of what people read in it. */
  locale: Locale;
  /** The row, and the id that others know it by (`per_…`). */
  id: string;
  permissionId: string;
  personId: string;
  controller: ReceiptController;
  purpose: { key: string; title: string; promise: string; proofYears: number };
  channel: Channel;
  contactPoint: { id: string; typed: string; normalised: string };
  thirdParties: { name: string; place: string; line_of_business: string }[];
  state: PermissionState;
  /** What people read of the state: "Yes", "No, withdrawn". */
  answer: string;
  since: string;
  validUntil: string | null;
  /** Null: nothing was ever granted. */
  basis: Basis | null;
  grade: EvidenceGrade | null;
  verified: boolean;
  /** The words that the permission was given to, or that were last asked for. */
  text: ReceiptText | null;
  /** Of other bases than consent: what they stand on and the right to object, as sentences. */
  ground: string[];
  /** Oldest first, without uses. Never empty. */
  events: ReceiptEvent[];
}

export interface ReceiptController {
  id: string;
  key: string;
  legalName: string;
  address: string;
  country: string;
  privacyEmail: string;
  notice: { version: string; url: string };
}

export interface ReceiptText {
  id: string;
  /** `{purpose}/{channel}/{locale}@{major}.{minor}` */
  ref: string;
  wording: string;
  locale: Locale;
  invalidatedAt: string | null;
}

export interface ReceiptEvent {
  id: string;
  kind: EventKind;
  occurredAt: string;
  basis: Basis;
  origin: EventOrigin;
  by: 'person' | 'controller' | 'system';
  /** About a request: it settled nothing that was granted before. */
  aboutRequest: boolean;
  /** Of a capture outside of the web: `paper`, `phone_recorded` … */
  method: string | null;
}

/** `undefined` when the person has no such permission. */
export async function readReceiptFacts(
  db: Db,
  person: PersonWithKey,
  id: string,
  locale: Locale,
): Promise<ReceiptFacts | undefined> {
  const cells = await permissionMatrix(db, person, locale);
  const cell = cells.find(({ permissionId }) => permissionId === id);
  if (!cell?.contactPointId || cell.contactPoint === null || cell.since === null) return undefined;
  const events = await eventsOf(db, id);
  const first = events[0];
  if (!first) return undefined;
  const ground = (await cellGrounds(db, person, [cell]))(cell);
  const read = normaliseContactPoint(cell.channel, cell.contactPoint);
  return {
    locale,
    id,
    permissionId: publicId('permission', id),
    personId: person.id,
    ...(await companyFacts(db, cell, first.occurredAt)),
    channel: cell.channel,
    contactPoint: {
      id: cell.contactPointId,
      typed: cell.contactPoint,
      normalised: read.ok ? read.value : cell.contactPoint,
    },
    thirdParties: cell.thirdParties.map(({ name, place, line_of_business }) => ({
      name,
      place,
      line_of_business,
    })),
    state: cell.state,
    answer: groundAnswer(ground, locale) ?? translator(locale)(`state.${cell.state}`),
    since: cell.since,
    validUntil: await validUntil(db, id),
    basis: cell.basis,
    grade: cell.evidenceGrade,
    verified: cell.verified,
    text: await textOf(db, cell),
    ground: groundSentences(ground, locale),
    events,
  };
}

async function eventsOf(db: Db, permissionId: string): Promise<ReceiptEvent[]> {
  const rows = await db
    .selectFrom('events')
    .leftJoin('grounds', 'grounds.event_id', 'events.id')
    .select(['events.id', 'events.kind', 'events.occurred_at', 'events.basis', 'events.origin'])
    .select(['events.actor', 'events.signup_id', 'grounds.method'])
    .where('events.permission_id', '=', permissionId)
    .where('events.kind', '!=', 'used')
    .orderBy('events.number')
    .execute();
  return rows.map(({ id, kind, occurred_at, basis, origin, actor, signup_id, method }) => ({
    id,
    kind,
    occurredAt: occurred_at,
    basis,
    origin,
    by: actor === 'person' ? 'person' : actor === 'system' ? 'system' : 'controller',
    aboutRequest: signup_id !== null,
    method,
  }));
}

/** The company, with the privacy notice that was valid when it began. */
async function companyFacts(db: Db, cell: MatrixCell, at: string) {
  const row = await db
    .selectFrom('controllers')
    .innerJoin('purposes', 'purposes.controller_id', 'controllers.id')
    .selectAll('controllers')
    .select('purposes.proof_years')
    .where('purposes.id', '=', cell.purposeId)
    .executeTakeFirstOrThrow();
  const notice = await db
    .selectFrom('privacy_notices')
    .select(['version', 'url'])
    .where('controller_id', '=', row.id)
    .where('valid_from', '<=', at)
    .orderBy('valid_from', 'desc')
    .limit(1)
    .executeTakeFirst();
  return {
    controller: {
      id: row.id,
      key: row.key,
      legalName: row.legal_name,
      address: row.address,
      country: row.country,
      privacyEmail: row.privacy_email,
      notice: notice ?? { version: row.privacy_version, url: row.privacy_url },
    },
    purpose: {
      key: cell.purpose,
      title: cell.title,
      promise: cell.promise,
      proofYears: row.proof_years,
    },
  };
}

async function validUntil(db: Db, permissionId: string): Promise<string | null> {
  const row = await db
    .selectFrom('permissions')
    .select('valid_until')
    .where('id', '=', permissionId)
    .executeTakeFirst();
  return row?.valid_until ?? null;
}

async function textOf(
  db: Db,
  { permissionId, purpose, channel, text }: MatrixCell,
): Promise<ReceiptText | null> {
  if (text) {
    const { id, ref, wording, locale, invalidatedAt } = text;
    return { id, ref, wording, locale, invalidatedAt };
  }
  const asked = await db
    .selectFrom('events')
    .innerJoin('consent_text_versions as version', 'version.id', 'events.text_version_id')
    .innerJoin('consent_texts', 'consent_texts.id', 'version.text_id')
    .select(['version.id', 'version.major', 'version.minor', 'version.wording', 'version.invalidated_at'])
    .select('consent_texts.locale')
    .where('events.permission_id', '=', permissionId ?? '')
    .orderBy('events.number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!asked) return null;
  const { id, major, minor, wording, locale, invalidated_at } = asked;
  const ref = `${purpose}/${channel}/${locale}@${major}.${minor}`;
  return { id, ref, wording, locale, invalidatedAt: invalidated_at };
}

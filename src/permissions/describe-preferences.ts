import type { Db } from '#db/connect.ts';
import type {
  Basis,
  Channel,
  EventKind,
  EventOrigin,
  EvidenceGrade,
  Locale,
  PermissionState,
} from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import type { SpokenGround } from '#src/i18n/ground-words.ts';
import { cellGrounds } from '#src/ledger/cell-grounds.ts';
import { hasInvalidText, type MatrixCell, permissionMatrix } from '#src/ledger/permission-matrix.ts';
import {
  type PersonEntry,
  personHistory,
  type Restriction,
  restrictionOf,
} from '#src/ledger/person-events.ts';
import { contactPointValue } from '#src/people/contact-points.ts';
import { decryptJson, decryptText } from '#src/people/encryption.ts';
import { maskContactPoint } from '#src/people/normalise-contact-point.ts';
import type { SignupController } from '#src/signups/describe-signup.ts';
import { findBlock } from '#src/signups/mail-allowance.ts';
import { fieldOf } from './change-preferences.ts';
import { lapsedAmong } from './lapsed.ts';
import { type LiveText, liveTexts, textKey } from './live-texts.ts';
import { type OpenedLink, openManageLink } from './open-link.ts';

export interface PreferenceCell {
  /** The name of its radio fields: `p:product-news:email`. */
  field: string;
  purpose: string;
  title: string;
  promise: string;
  thirdParties: { name: string; place: string; line_of_business: string }[];
  channel: Channel;
  /** Masked. Null while no address is known. */
  contactPoint: string | null;
  state: PermissionState;
  settledState: Exclude<PermissionState, 'pending'>;
  /** Given, and unused for too long: we do not write until there is a new yes. */
  lapsed: boolean;
  /** Given, in words that legal has declared invalid since: it is lapsed as well. */
  textInvalid: boolean;
  /** A new yes waits for its confirmation. */
  asked: boolean;
  since: string | null;
  verified: boolean;
  evidenceGrade: EvidenceGrade | null;
  /** The words that the permission stands on. */
  text: { ref: string; wording: string; sha256: string; locale: Locale } | null;
  /** The words that a new yes would agree to. */
  askText: { ref: string; wording: string; sha256: string } | null;
  canAsk: boolean;
  /** What the person is told of the basis, where it is no consent. */
  ground: SpokenGround;
}

export type HistoryEntry = PermissionEntry | AboutPerson;

/** About the person as a whole, or one address of theirs. */
interface AboutPerson
  extends Pick<PersonEntry, 'id' | 'kind' | 'occurredAt' | 'register' | 'refused' | 'channel'> {
  about: 'person';
  at: string;
  by: 'us';
}

interface PermissionEntry {
  about: 'permission';
  id: string;
  at: string;
  kind: EventKind;
  basis: Basis;
  purposeTitle: string;
  channel: Channel;
  origin: EventOrigin;
  textRef: string | null;
  by: 'you' | 'us' | 'system';
}

export interface FoundPreferences {
  outcome: 'found';
  fresh: boolean;
  /** Whether a fresh link, or a mail that asks to confirm a yes, can be sent. */
  hasMailbox: boolean;
  maskedAddress: string;
  locale: Locale;
  controllers: { controller: SignupController; cells: PreferenceCell[] }[];
  /** The data are only kept (Art. 18 GDPR), whatever stands in the cells. */
  restriction: Restriction | undefined;
  /** Until when "that was not me" keeps confirmation mails from the mailbox. */
  mailBlock: { until: string | null } | undefined;
  /** Newest first; empty unless the link is fresh, like everything below. */
  history: HistoryEntry[];
  details: Record<string, string>;
  contactPoints: { channel: Channel; value: string; source: string; verifiedAt: string | null }[];
}

export type DescribedPreferences = { outcome: 'unknown_link' | 'revoked' } | FoundPreferences;

/** What a manage link shows. Without `locale` the page speaks the person's own language. */
export async function describePreferences(
  app: App,
  link: string,
  locale?: Locale,
): Promise<DescribedPreferences> {
  const { db } = app;
  const opened = await openManageLink(app, db, link);
  if (opened.outcome !== 'found') return opened;
  const spoken = locale ?? opened.locale;
  const cells = await permissionMatrix(db, opened.person, spoken);
  const asks = await liveTexts(db, spoken);
  const now = app.now().toISOString();
  const lapsed = await lapsedAmong(db, cells, now);
  const { channel } = opened.contactPoint;
  const address = contactPointValue(opened.person, opened.contactPoint);
  const mailbox = opened.mailbox && contactPointValue(opened.person, opened.mailbox);
  return {
    outcome: 'found',
    fresh: opened.fresh,
    maskedAddress: address && maskContactPoint(channel, address),
    locale: opened.locale,
    controllers: await byController(db, cells, {
      asks,
      lapsed,
      hasMailbox: opened.mailbox !== undefined,
      groundOf: await cellGrounds(db, opened.person, cells),
    }),
    hasMailbox: opened.mailbox !== undefined,
    restriction: await restrictionOf(db, opened.person.id, now),
    mailBlock: mailbox ? await findBlock(db, app.keys, mailbox, app.now()) : undefined,
    ...(opened.fresh ? await ownData(db, opened, cells) : { history: [], details: {}, contactPoints: [] }),
  };
}

interface Known {
  asks: Map<string, LiveText>;
  lapsed: Set<string>;
  hasMailbox: boolean;
  groundOf: (cell: MatrixCell) => SpokenGround;
}

async function byController(db: Db, cells: MatrixCell[], known: Known) {
  const controllers = await db.selectFrom('controllers').selectAll().orderBy('legal_name').execute();
  return controllers
    .map((controller) => ({
      controller,
      cells: cells.filter((cell) => cell.controllerId === controller.id).map((cell) => shown(cell, known)),
    }))
    .filter((group) => group.cells.length > 0);
}

function shown(cell: MatrixCell, { asks, lapsed, hasMailbox, groundOf }: Known): PreferenceCell {
  const ask = asks.get(textKey(cell.purposeId, cell.channel));
  return {
    field: fieldOf(cell),
    purpose: cell.purpose,
    title: cell.title,
    promise: cell.promise,
    thirdParties: cell.thirdParties,
    channel: cell.channel,
    contactPoint: cell.contactPoint && maskContactPoint(cell.channel, cell.contactPoint),
    state: cell.state,
    settledState: cell.settledState,
    lapsed: cell.permissionId !== null && lapsed.has(cell.permissionId),
    textInvalid: hasInvalidText(cell),
    asked: cell.asked,
    since: cell.since,
    verified: cell.verified,
    evidenceGrade: cell.evidenceGrade,
    text: cell.text && {
      ref: cell.text.ref,
      wording: cell.text.wording,
      sha256: cell.text.sha256,
      locale: cell.text.locale,
    },
    askText: ask ? { ref: ask.ref, wording: ask.wording, sha256: ask.sha256 } : null,
    // A new yes is confirmed by mail.
    canAsk: cell.contactPointId !== null && ask !== undefined && hasMailbox,
    ground: groundOf(cell),
  };
}

async function ownData(db: Db, opened: Extract<OpenedLink, { outcome: 'found' }>, cells: MatrixCell[]) {
  const person = await db
    .selectFrom('people')
    .select('details_enc')
    .where('id', '=', opened.person.id)
    .executeTakeFirst();
  const points = await db
    .selectFrom('contact_points')
    .selectAll()
    .where('person_id', '=', opened.person.id)
    .orderBy('created_at')
    .execute();
  return {
    history: await history(db, opened.person.id, points, cells),
    details: person?.details_enc
      ? decryptJson<Record<string, string>>(opened.person.key, person.details_enc)
      : {},
    contactPoints: points.map((point) => ({
      channel: point.channel,
      value: point.value_enc ? decryptText(opened.person.key, point.value_enc) : '',
      source: point.source,
      verifiedAt: point.verified_at,
    })),
  };
}

const mostEntries = 200;

async function history(
  db: Db,
  personId: string,
  points: { id: string }[],
  cells: MatrixCell[],
): Promise<HistoryEntry[]> {
  const aboutPerson = (await personHistory(db, personId, mostEntries)).map(
    ({ id, kind, occurredAt, recordedAt, register, refused, channel }): AboutPerson => ({
      about: 'person',
      id,
      at: recordedAt,
      kind,
      occurredAt,
      register,
      refused,
      channel,
      by: 'us',
    }),
  );
  const all = [
    ...aboutPerson,
    ...(await permissionHistory(
      db,
      points.map(({ id }) => id),
      cells,
    )),
  ];
  return all.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, mostEntries);
}

async function permissionHistory(
  db: Db,
  contactPointIds: string[],
  cells: MatrixCell[],
): Promise<PermissionEntry[]> {
  const events = await db
    .selectFrom('events')
    .leftJoin('consent_text_versions', 'consent_text_versions.id', 'events.text_version_id')
    .leftJoin('consent_texts', 'consent_texts.id', 'consent_text_versions.text_id')
    .innerJoin('purposes', 'purposes.id', 'events.purpose_id')
    .select(['events.id', 'events.kind', 'events.occurred_at', 'events.purpose_id', 'events.channel'])
    .select(['events.basis', 'events.origin', 'events.actor', 'purposes.key', 'consent_texts.locale'])
    .select(['consent_text_versions.major', 'consent_text_versions.minor'])
    .where('events.contact_point_id', 'in', contactPointIds)
    .orderBy('events.id', 'desc')
    .limit(mostEntries)
    .execute();
  return events.map((event) => ({
    about: 'permission',
    id: event.id,
    at: event.occurred_at,
    kind: event.kind,
    basis: event.basis,
    purposeTitle: cells.find((cell) => cell.purposeId === event.purpose_id)?.title ?? event.key,
    channel: event.channel,
    origin: event.origin,
    textRef: event.locale
      ? `${event.key}/${event.channel}/${event.locale}@${event.major}.${event.minor}`
      : null,
    by: event.actor === 'person' ? 'you' : event.actor === 'system' ? 'system' : 'us',
  }));
}

import type { Db } from '#db/connect.ts';
import type { Channel, EvidenceGrade, Locale, PermissionState } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import type { SpokenGround } from '#src/i18n/ground-words.ts';
import { publicId } from '#src/ids/public-id.ts';
import { cellGrounds } from '#src/ledger/cell-grounds.ts';
import { hasInvalidText, type MatrixCell, permissionMatrix } from '#src/ledger/permission-matrix.ts';
import { type Restriction, restrictionOf } from '#src/ledger/person-events.ts';
import { contactPointValue } from '#src/people/contact-points.ts';
import { maskContactPoint } from '#src/people/normalise-contact-point.ts';
import type { SignupController } from '#src/signups/describe-items.ts';
import { findBlock } from '#src/signups/mailbox-block.ts';
import { fieldOf } from './change-preferences.ts';
import { findLapsed } from './find-lapsed.ts';
import { type LiveText, liveTexts, textKey } from './live-texts.ts';
import { openManageLink } from './open-link.ts';
import { noOwnData, type OwnData, ownData } from './own-data.ts';

export interface PreferenceCell {
  /** `per_…`; null while nothing was ever recorded. */
  permissionId: string | null;
  /** The name of its radio fields: `p:product-news:email`. */
  field: string;
  purpose: string;
  title: string;
  promise: string;
  thirdParties: { name: string; place: string; line_of_business: string }[];
  channel: Channel;
  /** Masked. Null if no address is known. */
  contactPoint: string | null;
  state: PermissionState;
  settledState: Exclude<PermissionState, 'pending'>;
  /** Granted, but unused for too long: needs a new consent. */
  lapsed: boolean;
  /** Granted to a text that legal has declared invalid; also lapsed. */
  textInvalid: boolean;
  /** A new consent waits for confirmation. */
  asked: boolean;
  since: string | null;
  verified: boolean;
  evidenceGrade: EvidenceGrade | null;
  /** The text that the permission was given to. */
  text: { ref: string; wording: string; sha256: string; locale: Locale } | null;
  /** The text that a new consent would agree to. */
  askText: { ref: string; wording: string; sha256: string } | null;
  canAsk: boolean;
  /** How to describe the basis to the person. */
  ground: SpokenGround;
}

export interface FoundPreferences extends OwnData {
  outcome: 'found';
  fresh: boolean;
  /** Whether a fresh link or a confirmation mail can be sent. */
  hasMailbox: boolean;
  maskedAddress: string;
  locale: Locale;
  controllers: { controller: SignupController; cells: PreferenceCell[] }[];
  /** Overrides all cells: the data are only stored (Art. 18 GDPR). */
  restriction: Restriction | undefined;
  /** Set while "that was not me" blocks confirmation mails to the mailbox. */
  mailBlock: { until: string | null } | undefined;
}

export type DescribedPreferences = { outcome: 'unknown_link' | 'revoked' } | FoundPreferences;

/** What a manage link shows. `locale` defaults to the person's language. */
export async function describePreferences(
  app: App,
  link: string,
  locale?: Locale,
): Promise<DescribedPreferences> {
  const { db } = app;
  const opened = await openManageLink(app, db, link);
  if (opened.outcome !== 'found') return opened;
  const language = locale ?? opened.locale;
  const cells = await permissionMatrix(db, opened.person, language);
  const asks = await liveTexts(db, language);
  const now = app.now().toISOString();
  const lapsed = await findLapsed(db, cells, now);
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
    ...(opened.fresh ? await ownData(db, opened.person, cells) : noOwnData),
  };
}

interface CellContext {
  asks: Map<string, LiveText>;
  lapsed: Set<string>;
  hasMailbox: boolean;
  groundOf: (cell: MatrixCell) => SpokenGround;
}

async function byController(db: Db, cells: MatrixCell[], context: CellContext) {
  const controllers = await db.selectFrom('controllers').selectAll().orderBy('legal_name').execute();
  return controllers
    .map((controller) => ({
      controller,
      cells: cells.filter((cell) => cell.controllerId === controller.id).map((cell) => shown(cell, context)),
    }))
    .filter((group) => group.cells.length > 0);
}

function shown(cell: MatrixCell, { asks, lapsed, hasMailbox, groundOf }: CellContext): PreferenceCell {
  const ask = asks.get(textKey(cell.purposeId, cell.channel));
  return {
    permissionId: cell.permissionId && publicId('permission', cell.permissionId),
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
    // A new consent is confirmed by mail.
    canAsk: cell.contactPointId !== null && ask !== undefined && hasMailbox,
    ground: groundOf(cell),
  };
}

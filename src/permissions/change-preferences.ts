import type { Tx } from '#db/connect.ts';
import { lockRows } from '#db/locks.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { type MatrixCell, permissionMatrix } from '#src/ledger/permission-matrix.ts';
import type { Client } from '#src/limits/client.ts';
import { enqueueMail } from '#src/mail/outbox.ts';
import { findLapsed } from './find-lapsed.ts';
import { type LiveText, liveTexts, textKey } from './live-texts.ts';
import { notifyPerson } from './notify-person.ts';
import { type FoundLink, openManageLink } from './open-link.ts';
import { requestConsents } from './request-consents.ts';
import { type Change, type Target, withdraw } from './withdraw.ts';

export interface WantedChange {
  purpose: string;
  channel: Channel;
  answer: 'yes' | 'no';
}

export type ChangePreferencesResult =
  | { outcome: 'unknown_link' | 'revoked' }
  | { outcome: 'invalid'; fields: string[] }
  | {
      outcome: 'changed';
      withdrawn: Change[];
      refused: Change[];
      pending: Change[];
      /** New consents were not requested, because "that was not me" blocks confirmation mails to the mailbox. */
      blocked: boolean;
      /** A mail about the changes was queued. */
      mailed: boolean;
    };

/**
 * Saves the preference page. "No" takes effect at once; "yes" waits for a confirmation by mail. Unchanged answers do
 * nothing.
 */
export async function changePreferences(
  app: App,
  link: string,
  wanted: WantedChange[] | 'all_no',
  client: Client,
  locale: Locale,
): Promise<ChangePreferencesResult> {
  const result = await app.db.transaction().execute(async (tx): Promise<ChangePreferencesResult> => {
    const opened = await openManageLink(app, tx, link);
    if (opened.outcome !== 'found') return opened;
    await lockRows(tx, 'contact_points', [opened.contactPoint.id]);
    const cells = await permissionMatrix(tx, opened.person, locale);
    const texts = await liveTexts(tx, locale);
    const changes = wanted === 'all_no' ? everything(cells) : wanted;
    const all = wanted === 'all_no';
    const lapsed = await findLapsed(tx, cells, app.now().toISOString());
    const canConfirm = opened.mailbox !== undefined;
    const save = { cells, lapsed, texts, changes, client, locale, all, canConfirm };
    const invalid = changes.filter((change) => !isPossible(save, change)).map(fieldOf);
    if (invalid.length > 0) return { outcome: 'invalid', fields: invalid };
    return apply(tx, app, opened, save);
  });
  if (result.outcome === 'changed') app.mailsQueued();
  return result;
}

export function fieldOf(change: { purpose: string; channel: Channel }): string {
  return `p:${change.purpose}:${change.channel}`;
}

interface Save {
  cells: MatrixCell[];
  /** Ids of lapsed permissions, for which "yes" is a new consent. */
  lapsed: Set<string>;
  texts: Map<string, LiveText>;
  changes: WantedChange[];
  client: Client;
  locale: Locale;
  all: boolean;
  /** There is a mailbox for the confirmation mail. */
  canConfirm: boolean;
}

async function apply(tx: Tx, app: App, opened: FoundLink, save: Save): Promise<ChangePreferencesResult> {
  const at = app.now();
  const no = cellsFor(save, 'no').flatMap(targetOf);
  const yes = cellsFor(save, 'yes').filter((cell) => !cell.asked && !isGranted(save, cell));
  const changes = await withdraw(tx, at.toISOString(), no, {
    person: opened.person,
    origin: 'preference_centre',
    actor: 'person',
    locale: save.locale,
    action: save.all ? 'POST action=withdraw-all' : 'POST preferences',
    client: save.client,
  });
  const requested = await requestConsents(tx, app, opened, { ...save, cells: yes });
  const pending = requested ?? [];
  const withdrawn = changes.filter((change) => change.to === 'withdrawn');
  const refused = changes.filter((change) => change.to === 'refused');
  // New consents alone need no notice: the confirmation mail names them.
  const notable = changes.length > 0 ? [...changes, ...pending] : [];
  const needed = notable.length > 0 && (await needsNotice(tx, save, opened));
  const mailed = needed && (await notifyOwner(tx, at.toISOString(), opened, save.locale, notable));
  return { outcome: 'changed', withdrawn, refused, pending, blocked: requested === undefined, mailed };
}

/** Returns whether a mail was queued; without a mailbox it is a letter. */
async function notifyOwner(
  tx: Tx,
  at: string,
  { person, mailbox }: FoundLink,
  locale: Locale,
  changes: Change[],
): Promise<boolean> {
  if (!mailbox) return (await notifyPerson(tx, at, { person, locale }, changes)) === 'mail';
  await enqueueMail(tx, at, {
    kind: 'permissions-changed',
    person,
    contactPointId: mailbox.id,
    locale,
    params: { changes },
  });
  return true;
}

/** Every change is mailed, except after withdrawing everything: then the page says so, and a mail is optional. */
async function needsNotice(tx: Tx, save: Save, opened: FoundLink): Promise<boolean> {
  const after = await permissionMatrix(tx, opened.person, save.locale);
  if (after.some((cell) => cell.state === 'granted' || cell.state === 'pending')) return true;
  const controllers = await tx.selectFrom('controllers').select('mails_after_withdrawal').execute();
  return controllers.some((controller) => controller.mails_after_withdrawal === 1);
}

function everything(cells: MatrixCell[]): WantedChange[] {
  return cells
    .filter((cell) => cell.state === 'granted' || cell.state === 'pending')
    .map((cell) => ({ purpose: cell.purpose, channel: cell.channel, answer: 'no' }));
}

function isPossible(save: Save, change: WantedChange): boolean {
  const cell = save.cells.find(
    ({ purpose, channel }) => purpose === change.purpose && channel === change.channel,
  );
  if (!cell?.contactPointId) return false;
  return (
    change.answer === 'no' ||
    cell.asked ||
    isGranted(save, cell) ||
    (save.canConfirm && save.texts.has(textKey(cell.purposeId, cell.channel)))
  );
}

function isGranted({ lapsed }: Save, { state, permissionId }: MatrixCell): boolean {
  return state === 'granted' && !(permissionId && lapsed.has(permissionId));
}

/** With two numbers on one channel, an answer applies to both. */
function cellsFor(save: Save, answer: 'yes' | 'no'): MatrixCell[] {
  const fields = new Set(save.changes.filter((change) => change.answer === answer).map(fieldOf));
  return save.cells.filter((cell) => fields.has(fieldOf(cell)) && cell.contactPointId);
}

function targetOf(cell: MatrixCell): Target[] {
  if (!cell.contactPointId) return [];
  return [
    {
      contactPointId: cell.contactPointId,
      purposeId: cell.purposeId,
      purpose: cell.purpose,
      channel: cell.channel,
    },
  ];
}

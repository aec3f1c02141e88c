import type { Tx } from '#db/connect.ts';
import { lockRows } from '#db/locks.ts';
import type { Channel, Locale } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { type MatrixCell, permissionMatrix } from '#src/ledger/permission-matrix.ts';
import { type Client, clientHint } from '#src/limits/client.ts';
import { enqueueMail } from '#src/mail/outbox.ts';
import { contactPointValue } from '#src/people/contact-points.ts';
import { findOpenMailbox, mayMail } from '#src/signups/mail-allowance.ts';
import { openSignup } from '#src/signups/open-signup.ts';
import { lapsedAmong } from './lapsed.ts';
import { type LiveText, liveTexts, textKey } from './live-texts.ts';
import { type OpenedLink, openManageLink } from './open-link.ts';
import { tellPerson } from './tell-person.ts';
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
      /** Whether a yes was left alone, because "that was not me" keeps its confirmation mail from the mailbox. */
      blocked: boolean;
      /** Whether a mail about it is on its way. */
      mailed: boolean;
    };

/**
 * One Save of the preference centre. A no acts at once; a yes waits for its own confirmation by mail.
 * What the person did not touch, or set to what it was, stays as it is.
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
    const lapsed = await lapsedAmong(tx, cells, app.now().toISOString());
    const asks = opened.mailbox !== undefined;
    const save = { cells, lapsed, texts, changes, client, locale, all, asks };
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
  /** Permissions that lie unused for too long: a yes to them is a new one. */
  lapsed: Set<string>;
  texts: Map<string, LiveText>;
  changes: WantedChange[];
  client: Client;
  locale: Locale;
  all: boolean;
  /** Whether a yes can be confirmed: there is a mailbox to ask. */
  asks: boolean;
}

async function apply(
  tx: Tx,
  app: App,
  opened: Extract<OpenedLink, { outcome: 'found' }>,
  save: Save,
): Promise<ChangePreferencesResult> {
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
  const asked = await ask(tx, app, opened, save, yes, at);
  const pending = asked ?? [];
  const withdrawn = changes.filter((change) => change.to === 'withdrawn');
  const refused = changes.filter((change) => change.to === 'refused');
  // A wish alone is told by the mail that asks to confirm it.
  const told = changes.length > 0 ? [...changes, ...pending] : [];
  const tell = told.length > 0 && (await tells(tx, save, opened));
  const mailed = tell && (await tellOwner(tx, at.toISOString(), opened, save.locale, told));
  return { outcome: 'changed', withdrawn, refused, pending, blocked: asked === undefined, mailed };
}

/** False where no mailbox is known: then a letter tells it. */
async function tellOwner(
  tx: Tx,
  at: string,
  { person, mailbox }: Extract<OpenedLink, { outcome: 'found' }>,
  locale: Locale,
  changes: Change[],
): Promise<boolean> {
  if (!mailbox) return (await tellPerson(tx, at, { person, locale }, changes)) === 'mail';
  await enqueueMail(tx, at, {
    kind: 'permissions-changed',
    person,
    contactPointId: mailbox.id,
    locale,
    params: { changes },
  });
  return true;
}

/** Every change goes out by mail. Only who has just withdrawn everything is told by the page alone. */
async function tells(
  tx: Tx,
  save: Save,
  opened: Extract<OpenedLink, { outcome: 'found' }>,
): Promise<boolean> {
  const after = await permissionMatrix(tx, opened.person, save.locale);
  if (after.some((cell) => cell.state === 'granted' || cell.state === 'pending')) return true;
  const controllers = await tx.selectFrom('controllers').select('mails_after_withdrawal').execute();
  return controllers.some((controller) => controller.mails_after_withdrawal === 1);
}

/**
 * A wish is a signup like any other, with the words of now and a mail of its own to confirm it. `undefined`: no such
 * mail may go out, so nothing is asked for.
 */
async function ask(
  tx: Tx,
  app: App,
  opened: Extract<OpenedLink, { outcome: 'found' }>,
  save: Save,
  cells: MatrixCell[],
  at: Date,
): Promise<Change[] | undefined> {
  const { mailbox } = opened;
  const wishes = cells.flatMap((cell) => {
    const text = save.texts.get(textKey(cell.purposeId, cell.channel));
    if (!cell.contactPointId || !text || !mailbox) return [];
    const contactPoint = { ...mailbox, id: cell.contactPointId };
    const address = cell.contactPoint ?? '';
    return [
      {
        purposeId: cell.purposeId,
        purpose: cell.purpose,
        channel: cell.channel,
        contactPoint,
        address,
        text,
      },
    ];
  });
  if (wishes.length === 0 || !mailbox) return [];
  const open = await findOpenMailbox(tx, app.keys, contactPointValue(opened.person, mailbox), at);
  if (!open) return undefined;
  const permit = await mayMail(tx, app, open, at, 'by manage link');
  const request = {
    person: opened.person,
    mailbox,
    form: null,
    locale: save.locale,
    origin: 'preference_centre' as const,
    source: null,
    confirmWithinHours: 72,
    details: {},
    wishes,
    evidence: {
      typed: { yes: wishes.map((wish) => `${wish.purpose}:${wish.channel}`) },
      action: 'POST preferences',
      client: clientHint(save.client),
    },
  };
  await openSignup(tx, app, request, at, permit);
  return cells.map((cell) => ({
    purpose: cell.purpose,
    channel: cell.channel,
    from: cell.state,
    to: 'pending' as const,
  }));
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
    (save.asks && save.texts.has(textKey(cell.purposeId, cell.channel)))
  );
}

function isGranted({ lapsed }: Save, { state, permissionId }: MatrixCell): boolean {
  return state === 'granted' && !(permissionId && lapsed.has(permissionId));
}

/** With two numbers on one channel, an answer is about both. */
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

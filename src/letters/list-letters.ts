import type { Db } from '#db/connect.ts';
import type { LetterTable } from '#db/schema/letters.ts';
import type { Channel, Locale, PermissionState } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { findPerson } from '#src/people/contact-points.ts';
import { decryptJson } from '#src/people/encryption.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { postalRecipient } from './postal-recipient.ts';
import type { LetterChange } from './queue-letters.ts';

/** A letter in the print queue. */
export interface WaitingLetter {
  id: string;
  createdAt: string;
  controller: string;
  /** Null: no postal address is known. */
  recipient: string[] | null;
  changes: { title: string; channel: Channel; to: PermissionState }[];
  /** For the link to the person's page. */
  contactPointId: string;
}

export interface LetterRun {
  id: string;
  printedAt: string;
  printedBy: string | null;
  count: number;
  /** Null: printed, not posted yet. */
  sentAt: string | null;
  sentBy: string | null;
}

export interface LetterDesk {
  counts: Record<LetterTable['state'], number>;
  waiting: WaitingLetter[];
  unaddressed: WaitingLetter[];
  /** Printed, not posted yet. */
  open: LetterRun[];
  /** The newest posted runs. */
  sent: LetterRun[];
}

/** Limit of listed letters. The counts include all. */
const shown = 100;

/** The print queue. */
export async function letterDesk(app: App, actor: Actor, locale: Locale): Promise<LetterDesk> {
  requireAbility(actor, 'letters.read');
  const { db } = app;
  const titles = await purposeTitles(db, locale);
  return {
    counts: await letterCounts(db),
    waiting: await listed(app, 'waiting', titles),
    unaddressed: await listed(app, 'unaddressed', titles),
    open: await runs(db, 'printed', 50),
    sent: await runs(db, 'sent', 20),
  };
}

export async function letterCounts(db: Db): Promise<LetterDesk['counts']> {
  const rows = await db
    .selectFrom('letters')
    .select((eb) => ['state', eb.fn.countAll().as('count')])
    .groupBy('state')
    .execute();
  const none = { waiting: 0, unaddressed: 0, printed: 0, sent: 0, cancelled: 0 };
  return { ...none, ...Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)])) };
}

async function purposeTitles(db: Db, locale: Locale): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('purposes')
    .innerJoin('purpose_translations', 'purpose_translations.purpose_id', 'purposes.id')
    .select(['purposes.key', 'purpose_translations.title'])
    .where('purpose_translations.locale', '=', locale)
    .execute();
  return new Map(rows.map(({ key, title }) => [key, title]));
}

async function listed(
  app: App,
  state: 'waiting' | 'unaddressed',
  titles: Map<string, string>,
): Promise<WaitingLetter[]> {
  const rows = await app.db
    .selectFrom('letters')
    .innerJoin('controllers', 'controllers.id', 'letters.controller_id')
    .select(['letters.id', 'letters.person_id', 'letters.locale', 'letters.changes_enc'])
    .select(['letters.created_at', 'controllers.legal_name', 'controllers.country'])
    .select((eb) =>
      eb
        .selectFrom('contact_points')
        .select((point) => point.fn.min('contact_points.id').as('id'))
        .whereRef('contact_points.person_id', '=', 'letters.person_id')
        .as('contact_point_id'),
    )
    .where('letters.state', '=', state)
    .orderBy('letters.id')
    .limit(shown)
    .execute();
  const letters: WaitingLetter[] = [];
  for (const row of rows) {
    const person = await findPerson(app.db, app.keys, row.person_id);
    if (!person) continue;
    const recipient = await postalRecipient(app.db, person, row);
    const changes = decryptJson<LetterChange[]>(person.key, row.changes_enc);
    letters.push({
      id: row.id,
      createdAt: row.created_at,
      controller: row.legal_name,
      recipient: recipient?.lines ?? null,
      changes: changes.map(({ purpose, channel, to }) => ({
        title: titles.get(purpose) ?? purpose,
        channel,
        to,
      })),
      contactPointId: row.contact_point_id ?? '',
    });
  }
  return letters;
}

async function runs(db: Db, state: 'printed' | 'sent', most: number): Promise<LetterRun[]> {
  const rows = await db
    .selectFrom('letters')
    .leftJoin('staff as printer', 'printer.id', 'letters.printed_by')
    .leftJoin('staff as sender', 'sender.id', 'letters.sent_by')
    .select(['letters.run_id', 'letters.printed_at', 'letters.sent_at'])
    .select((eb) => ['printer.name as printed_by', 'sender.name as sent_by', eb.fn.countAll().as('count')])
    .where('letters.state', '=', state)
    .where('letters.run_id', 'is not', null)
    .groupBy(['letters.run_id', 'letters.printed_at', 'letters.sent_at', 'printer.name', 'sender.name'])
    .orderBy('letters.run_id', 'desc')
    .limit(most)
    .execute();
  return rows.map((row) => ({
    id: row.run_id ?? '',
    printedAt: row.printed_at ?? '',
    printedBy: row.printed_by,
    count: Number(row.count),
    sentAt: row.sent_at,
    sentBy: row.sent_by,
  }));
}

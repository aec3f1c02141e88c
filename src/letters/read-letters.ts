import type { LetterTable } from '#db/schema/letters.ts';
import type { App } from '#src/app/app.ts';
import { unsubscribeLink } from '#src/links/signed-link.ts';
import { findPerson } from '#src/people/contact-points.ts';
import { decryptJson } from '#src/people/encryption.ts';
import { paths } from '#src/routes.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import type { LetterContent } from './letter-content.ts';
import type { PrintableLetter } from './letter-pdf.ts';

/** The letters of one run, or a single one, as printed. Leaves out letters to people who were erased. */
export async function printedLetters(
  app: App,
  actor: Actor,
  which: { runId: string } | { letterId: string },
): Promise<PrintableLetter[]> {
  requireAbility(actor, 'letters.read');
  const rows = await app.db
    .selectFrom('letters')
    .select(['id', 'person_id', 'content_enc'])
    .$if('runId' in which, (query) => query.where('run_id', '=', 'runId' in which ? which.runId : ''))
    .$if('letterId' in which, (query) => query.where('id', '=', 'letterId' in which ? which.letterId : ''))
    .where('content_enc', 'is not', null)
    .orderBy('id')
    .execute();
  const letters: PrintableLetter[] = [];
  for (const { person_id, content_enc } of rows) {
    const person = await findPerson(app.db, app.keys, person_id);
    if (!person || !content_enc) continue;
    const content = decryptJson<LetterContent>(person.key, content_enc);
    letters.push({ ...content, exitUrls: content.exits.map((exit) => exitUrl(app, exit)) });
  }
  return letters;
}

export interface DescribedRun {
  printedAt: string;
  printedBy: string | null;
  /** Null: not posted yet. */
  sentAt: string | null;
  sentBy: string | null;
  letters: { id: string; recipient: string[] }[];
}

/** `undefined` if there is no such run. */
export async function describeRun(app: App, actor: Actor, runId: string): Promise<DescribedRun | undefined> {
  requireAbility(actor, 'letters.read');
  const rows = await app.db
    .selectFrom('letters')
    .leftJoin('staff as printer', 'printer.id', 'letters.printed_by')
    .leftJoin('staff as sender', 'sender.id', 'letters.sent_by')
    .select(['letters.id', 'letters.person_id', 'letters.content_enc', 'letters.printed_at'])
    .select(['letters.sent_at', 'printer.name as printed_by', 'sender.name as sent_by'])
    .where('letters.run_id', '=', runId)
    .where('letters.state', 'in', ['printed', 'sent'])
    .orderBy('letters.id')
    .execute();
  const [first] = rows;
  if (!first) return undefined;
  const letters: DescribedRun['letters'] = [];
  for (const { id, person_id, content_enc } of rows) {
    const person = await findPerson(app.db, app.keys, person_id);
    if (!person || !content_enc) continue;
    letters.push({ id, recipient: decryptJson<LetterContent>(person.key, content_enc).recipient });
  }
  return {
    printedAt: first.printed_at ?? '',
    printedBy: first.printed_by,
    sentAt: first.sent_at,
    sentBy: first.sent_by,
    letters,
  };
}

function exitUrl(app: App, { contactPointId, generation }: LetterContent['exits'][number]): string {
  return `${app.config.baseUrl}${paths.unsubscribe(unsubscribeLink(app.keys, contactPointId, generation))}`;
}

export type LetterToPerson = Pick<
  LetterTable,
  'id' | 'state' | 'created_at' | 'printed_at' | 'sent_at' | 'cancelled_because'
>;

/** The letters to one person, newest first, for their page at the desk. */
export async function lettersTo(app: App, actor: Actor, contactPointId: string): Promise<LetterToPerson[]> {
  requireAbility(actor, 'letters.read');
  return app.db
    .selectFrom('letters')
    .innerJoin('contact_points', 'contact_points.person_id', 'letters.person_id')
    .select(['letters.id', 'letters.state', 'letters.created_at', 'letters.printed_at'])
    .select(['letters.sent_at', 'letters.cancelled_because'])
    .where('contact_points.id', '=', contactPointId)
    .orderBy('letters.id', 'desc')
    .limit(20)
    .execute();
}

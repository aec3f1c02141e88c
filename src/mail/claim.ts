import { sql } from 'kysely';
import { type Db, databaseKind } from '#db/connect.ts';
import { skipLocked } from '#db/locks.ts';
import { prepared } from '#db/prepared.ts';
import type { MailTable } from '#db/schema.ts';
import { newId } from '#src/ids/new-id.ts';

/** Mails that one worker may send until its claim runs out; whoever comes then takes them over. */
export interface Claim {
  mails: MailTable[];
  until: string;
  /** These mails were handed over together before, and nobody knows what became of it. */
  again: boolean;
  /** The queue is paused, and this is the one mail by which is tried whether that is over. */
  probes: boolean;
}

/** Short, so that what a killed process held is soon free; a living one renews its claim. */
export const claimSeconds = 10;

/**
 * What somebody waits for at this moment, a confirmation or a link, goes before the notices of changes, of which an
 * import or a job may queue thousands.
 */
type Priority = 0 | 1;

/** Claimed by a conditional UPDATE: of several workers at once, exactly one gets a mail. */
export async function claimDue(
  db: Db,
  now: Date,
  { limit, together }: { limit: number; together: boolean },
): Promise<Claim | undefined> {
  const at = now.toISOString();
  const until = claimEnd(now);
  // A look first: most rounds find nothing, and should not wait for the writer.
  const due = await nextDue(db, { at });
  const [next] = due;
  if (!next || (next.paused_until && next.paused_until > at)) return undefined;
  const probes = next.paused_until !== null;
  if (next.batch_id) {
    return inOrder({ mails: await claimBatch(db, next.batch_id, at, until), until, again: true, probes });
  }
  const batchId = together ? newId() : null;
  const most = probes ? 1 : limit;
  const mails: MailTable[] = [];
  for (const { priority } of due) {
    if (mails.length === most) break;
    mails.push(...(await claimFresh[priority](db, { at, until, limit: most - mails.length, batchId })));
  }
  return mails.length > 0 ? inOrder({ mails, until, again: false, probes }) : undefined;
}

/** In one order, so that a batch that is handed over again is the same request to the letter. */
function inOrder(claim: Claim): Claim {
  claim.mails.sort((a, b) => (a.id < b.id ? -1 : 1));
  return claim;
}

/** The mail that is due first, of each priority. */
const nextDue = prepared((db, { at }: { at: string }) => {
  const first = (priority: Priority) =>
    db.selectFrom(
      db
        .selectFrom('mails')
        .select([
          'batch_id',
          sql.lit(priority).as('priority'),
          (eb) => eb.selectFrom('mail_pause').select('until').as('paused_until'),
        ])
        .where(isDue(at))
        .where(hasPriority(priority))
        .orderBy('due_at')
        .limit(sql.lit(1))
        .as('next'),
    );
  return first(0).selectAll().unionAll(first(1).selectAll()).orderBy('priority');
});

/** Moves the end of a claim on, as long as nobody else has taken its mails over. */
export async function renewClaim(db: Db, claim: Claim, now: Date): Promise<string> {
  const until = claimEnd(now);
  await db
    .updateTable('mails')
    .set({ claimed_until: until })
    .where(
      'id',
      'in',
      claim.mails.map((mail) => mail.id),
    )
    .where('state', '=', 'sending')
    .where('claimed_until', '=', claim.until)
    .execute();
  return until;
}

function claimEnd(now: Date): string {
  return new Date(now.getTime() + claimSeconds * 1000).toISOString();
}

// The states are written out because the index `mails_due` holds these two only, and SQLite has to see that.
function isDue(at: string) {
  return sql<boolean>`state in ('queued', 'sending') and due_at <= ${at}
    and (state = 'queued' or claimed_until <= ${at})`;
}

/** Written out as in the index `mails_due`. */
function hasPriority(priority: Priority) {
  return sql<boolean>`(case when kind = 'permissions-changed' then 1 else 0 end) = ${sql.lit(priority)}`;
}

interface Fresh {
  at: string;
  until: string;
  limit: number;
  batchId: string | null;
}

const claimFresh = { 0: claimFreshOf(0), 1: claimFreshOf(1) };

function claimFreshOf(priority: Priority) {
  return prepared((db, { at, until, limit, batchId }: Fresh) => {
    const due = db
      .selectFrom('mails')
      .select('id')
      .where(isDue(at))
      .where(hasPriority(priority))
      .where('batch_id', 'is', null)
      .orderBy('due_at')
      .limit(limit);
    // A WITH is worked out once. A sub-select may be worked out again for each row, and lock more each time.
    return db
      .with('due', () => skipLocked(db, due))
      .updateTable('mails')
      .set({ ...claimed(until), batch_id: batchId })
      .where('id', 'in', (eb) => eb.selectFrom('due').select('id'))
      .where(isDue(at))
      .returningAll();
  });
}

/** Waits for a worker that is just claiming the same batch instead of splitting it with them. */
async function claimBatch(db: Db, batchId: string, at: string, until: string) {
  const due = db
    .selectFrom('mails')
    .select('id')
    .where('batch_id', '=', batchId)
    .where(isDue(at))
    .orderBy('id');
  return db
    .with('due', () => (databaseKind(db) === 'postgres' ? due.forUpdate() : due))
    .updateTable('mails')
    .set(claimed(until))
    .where('id', 'in', (eb) => eb.selectFrom('due').select('id'))
    .where(isDue(at))
    .returningAll()
    .execute();
}

function claimed(until: string) {
  // Counted when it begins: a mail that ends the process is not tried for ever.
  return { state: 'sending', claimed_until: until, attempts: sql<number>`attempts + 1` } as const;
}

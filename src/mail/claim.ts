import { sql } from 'kysely';
import { type Db, databaseKind } from '#db/connect.ts';
import { skipLocked } from '#db/locks.ts';
import { prepared } from '#db/prepared.ts';
import type { MailTable } from '#db/schema/mails.ts';
import { newId } from '#src/ids/new-id.ts';

/** Mails that one worker holds a lease on. When the lease expires, another worker can claim them. */
export interface Claim {
  mails: MailTable[];
  until: string;
  /** The batch was sent before with an unknown result. */
  isRepeat: boolean;
  /** The queue is paused, and this one mail tests whether the server accepts mail again. */
  isProbe: boolean;
}

/** Short, so that the mails of a killed process are free soon. A running worker renews its lease. */
export const claimSeconds = 10;

/** Confirmations and links, which people wait for, go before notices of changes, which imports queue by the thousands. */
type Priority = 0 | 1;

/** Claimed by a conditional UPDATE: of several workers at once, exactly one gets a mail. */
export async function claimDue(
  db: Db,
  now: Date,
  { limit, asBatch }: { limit: number; asBatch: boolean },
): Promise<Claim | undefined> {
  const at = now.toISOString();
  const until = claimEnd(now);
  // Read first: most rounds find nothing, and should not wait for the write lock.
  const due = await nextDue(db, { at });
  const [next] = due;
  if (!next || (next.paused_until && next.paused_until > at)) return undefined;
  const isProbe = next.paused_until !== null;
  if (next.batch_id) {
    return inOrder({ mails: await claimBatch(db, next.batch_id, at, until), until, isRepeat: true, isProbe });
  }
  const batchId = asBatch ? newId() : null;
  const maxMails = isProbe ? 1 : limit;
  const mails: MailTable[] = [];
  for (const { priority } of due) {
    if (mails.length === maxMails) break;
    mails.push(...(await claimFresh[priority](db, { at, until, limit: maxMails - mails.length, batchId })));
  }
  return mails.length > 0 ? inOrder({ mails, until, isRepeat: false, isProbe }) : undefined;
}

/** A fixed order, so that a repeated batch is the identical request. */
function inOrder(claim: Claim): Claim {
  claim.mails.sort((a, b) => (a.id < b.id ? -1 : 1));
  return claim;
}

/** The first due mail of each priority. */
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

/** Extends the lease, unless another worker has claimed the mails. */
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

// Literal states, so that SQLite uses the partial index `mails_due`.
function isDue(at: string) {
  return sql<boolean>`state in ('queued', 'sending') and due_at <= ${at}
    and (state = 'queued' or claimed_until <= ${at})`;
}

/** The same expression as in the index `mails_due`. */
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
    // A WITH query runs once. A sub-select may run again for each row, and lock more rows each time.
    return db
      .with('due', () => skipLocked(db, due))
      .updateTable('mails')
      .set({ ...claimed(until), batch_id: batchId })
      .where('id', 'in', (eb) => eb.selectFrom('due').select('id'))
      .where(isDue(at))
      .returningAll();
  });
}

/** Waits for another worker that is claiming the same batch, so that the batch is not split. */
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
  // Counted before sending, so that a mail that crashes the process is not retried forever.
  return { state: 'sending', claimed_until: until, attempts: sql<number>`attempts + 1` } as const;
}

import { sql } from 'kysely';
import { type Db, databaseKind } from '#db/connect.ts';
import { skipLocked } from '#db/locks.ts';
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
const priorities = [0, 1] as const;
type Priority = (typeof priorities)[number];

/** Claimed by a conditional UPDATE: of several workers at once, exactly one gets a mail. */
export async function claimDue(
  db: Db,
  now: Date,
  { limit, together }: { limit: number; together: boolean },
): Promise<Claim | undefined> {
  const at = now.toISOString();
  const until = claimEnd(now);
  const batchId = together ? newId() : null;
  const mails: MailTable[] = [];
  for (const priority of priorities) {
    // A look first: most rounds find nothing, and should not wait for the writer.
    const next = await findDue(db, at, priority);
    if (!next) continue;
    if (next.paused_until && next.paused_until > at) return undefined;
    const probes = next.paused_until !== null;
    const most = (probes ? 1 : limit) - mails.length;
    if (next.batch_id && mails.length === 0) {
      return inOrder({ mails: await claimBatch(db, next.batch_id, at, until), until, again: true, probes });
    }
    mails.push(...(await claimFresh(db, { at, until, priority, limit: most, batchId })));
    if (probes || mails.length >= limit) return inOrder({ mails, until, again: false, probes });
  }
  return mails.length > 0 ? inOrder({ mails, until, again: false, probes: false }) : undefined;
}

/** In one order, so that a batch that is handed over again is the same request to the letter. */
function inOrder(claim: Claim): Claim {
  claim.mails.sort((a, b) => (a.id < b.id ? -1 : 1));
  return claim;
}

async function findDue(db: Db, at: string, priority: Priority) {
  return db
    .selectFrom('mails')
    .select(['batch_id', (eb) => eb.selectFrom('mail_pause').select('until').as('paused_until')])
    .where(isDue(at))
    .where(hasPriority(priority))
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst();
}

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
  priority: Priority;
  limit: number;
  batchId: string | null;
}

async function claimFresh(db: Db, { at, until, priority, limit, batchId }: Fresh) {
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
    .returningAll()
    .execute();
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

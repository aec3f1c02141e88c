import type { Db, Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { givePositions } from '#src/ledger/give-positions.ts';
import { yieldToRequests } from '#src/limits/yield-to-requests.ts';
import { passFiguresGate } from '#src/sightings/form-days.ts';
import { countEvents } from './count-events.ts';
import { pendingMarks } from './pending-marks.ts';
import { uncountedEvents } from './uncounted-events.ts';

/**
 * Adds all new events of the ledger and all rows of `figure_marks` to the figures.
 *
 * The ledger is append-only and its feed has no gaps, so counting follows it: a signup, a confirmation or a withdrawal
 * writes no extra row for the figures. A request can be counted only while its signup exists, which is for days; a job
 * runs this every minute, and so does every page that shows figures.
 */
export async function settleFigures(
  { db }: Pick<App, 'db'>,
  batchSize = 2_000,
): Promise<{ counted: number }> {
  let counted = 0;
  for await (const round of rounds(db, batchSize)) counted += round;
  return { counted };
}

/**
 * The same in the background: small batches, each of which holds the writer for a few milliseconds, and requests go first.
 * After a while it stops and leaves the rest to the next run.
 */
export async function settleFiguresGently(
  { db }: Pick<App, 'db'>,
  batchSize = 250,
): Promise<{ counted: number }> {
  const endsAt = performance.now() + longestMs;
  let counted = 0;
  for await (const round of rounds(db, batchSize)) {
    counted += round;
    if (performance.now() > endsAt) break;
    await yieldToRequests(25);
  }
  return { counted };
}

const longestMs = 20_000;

/** The number that each round counted, until nothing is left. */
async function* rounds(db: Db, batchSize: number): AsyncGenerator<number> {
  for (;;) {
    const given = await givePositions(db, batchSize);
    const counted = await settleBatch(db, batchSize);
    yield counted;
    if (given === 0 && counted < batchSize) return;
  }
}

async function settleBatch(db: Db, batchSize: number): Promise<number> {
  if (!(await isBehind(db))) return 0;
  return db.transaction().execute(async (tx) => {
    await passFiguresGate(tx);
    const { position } = await tx.selectFrom('figure_progress').select('position').executeTakeFirstOrThrow();
    const events = await uncountedEvents(tx, position, batchSize);
    const marks = await pendingMarks(tx, batchSize);
    await countEvents(tx, events, marks);
    await setProgress(tx, events.at(-1)?.position);
    return Math.max(events.length, marks.length);
  });
}

async function setProgress(tx: Tx, position: number | undefined): Promise<void> {
  if (position !== undefined) await tx.updateTable('figure_progress').set({ position }).execute();
}

/** Read before a transaction begins, because usually there is nothing to count. */
async function isBehind(db: Db): Promise<boolean> {
  const row = await db
    .selectNoFrom((eb) => [
      eb
        .selectFrom('ledger_positions')
        .select((of) => of.fn.max('position').as('last'))
        .as('last'),
      eb.selectFrom('figure_progress').select('position').as('position'),
      eb.selectFrom('figure_marks').select('signup_id').limit(1).as('mark'),
    ])
    .executeTakeFirstOrThrow();
  return row.mark !== null || Number(row.last ?? 0) > Number(row.position ?? 0);
}

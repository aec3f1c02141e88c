import type { ActViews } from './act-views.ts';
import type { SqliteConnection } from './connection.ts';
import { type ActTurn, runTogether } from './run-acts.ts';
import { whenFree } from './when-free.ts';

/**
 * SQLite has one writer, and a durable commit costs an fsync. So the writes that wait for the writer at the same time share
 * a commit.
 *
 * Transactions run one after another inside `BEGIN IMMEDIATE … COMMIT`, each in a savepoint of its own, and all are answered
 * after the COMMIT. One that fails is rolled back to its savepoint; the others are committed. Acts of the same kind are
 * written by one statement.
 */
export interface SharedCommit {
  join(turn: Turn): void;
  /** How many commits there were so far. */
  readonly commits: number;
  /** Takes no more turns and waits for those that were taken. */
  close(): Promise<void>;
}

export type Turn = TransactionTurn | ActTurn;

/** Holds the writer while it reads and writes. */
export interface TransactionTurn {
  /**
   * `single`: one statement, which undoes itself when it fails. `several`: needs a savepoint.
   * `outside`: cannot run in a transaction, as VACUUM and most PRAGMAs.
   */
  statements: 'single' | 'several' | 'outside';
  /** Has the writer for itself until it resolves. Rejects if the whole transaction is spoiled. */
  take(): Promise<'keep' | 'undo'>;
  committed(): void;
  undone(): void;
  /** Nothing of the turn is in the database, nor of the others that shared its commit. */
  lost(error: unknown): void;
}

const turnsPerCommit = 128;
const longestMillis = 10;

export function sharedCommit(connection: SqliteConnection, views: ActViews): SharedCommit {
  const waiting: Turn[] = [];
  let working: Promise<void> | undefined;
  let closed = false;
  let commits = 0;

  async function work(): Promise<void> {
    for (let turn = waiting.shift(); turn; turn = waiting.shift()) {
      if (turn.statements === 'outside') await takeOutside(turn);
      else if (turn.statements === 'act') {
        commits += await runTogether(connection, views, [turn, ...takeAlike(waiting, turn)]);
      } else await commitTogether(turn);
    }
    working = undefined;
  }

  async function commitTogether(first: TransactionTurn): Promise<void> {
    const kept: TransactionTurn[] = [];
    let current: TransactionTurn | undefined = first;
    try {
      await begin(connection, first);
      const startedAt = performance.now();
      let savepointIsOpen = first.statements === 'several';
      for (let taken = 1; current; taken++) {
        if (taken > 1 && current.statements === 'several') {
          await connection.script(savepointIsOpen ? `${release}; ${savepoint}` : savepoint);
          savepointIsOpen = true;
        }
        if ((await current.take()) === 'keep') kept.push(current);
        else await undo(connection, current);
        const full = taken >= turnsPerCommit || performance.now() - startedAt > longestMillis;
        current = full ? undefined : nextTransaction(waiting);
      }
      await connection.script('COMMIT');
    } catch (error) {
      await connection.script('ROLLBACK').catch(alreadyRolledBack);
      current?.lost(error);
      for (const turn of kept) turn.lost(error);
      return;
    }
    commits += 1;
    for (const turn of kept) turn.committed();
  }

  return {
    join(turn) {
      if (closed) return turn.lost(new Error('The database connection has been closed.'));
      waiting.push(turn);
      working ??= work();
    },
    get commits() {
      return commits;
    },
    async close() {
      closed = true;
      await working;
    },
  };
}

/** The acts of the same kind that wait directly behind this one. */
function takeAlike(waiting: Turn[], { act }: ActTurn): ActTurn[] {
  const isAlike = (turn: Turn): turn is ActTurn => turn.statements === 'act' && turn.act === act;
  const end = waiting.findIndex((turn) => !isAlike(turn));
  const count = Math.min(end < 0 ? waiting.length : end, turnsPerCommit - 1);
  return waiting.splice(0, count).filter(isAlike);
}

/** The next one that can go on in the transaction that is open. */
function nextTransaction(waiting: Turn[]): TransactionTurn | undefined {
  const [next] = waiting;
  if (!next || next.statements === 'outside' || next.statements === 'act') return undefined;
  waiting.shift();
  return next;
}

const savepoint = 'SAVEPOINT jawort_transaction';
const release = 'RELEASE jawort_transaction';

function begin(connection: SqliteConnection, first: TransactionTurn): Promise<void> {
  const script = first.statements === 'several' ? `BEGIN IMMEDIATE; ${savepoint}` : 'BEGIN IMMEDIATE';
  return whenFree(() => connection.script(script));
}

async function undo(connection: SqliteConnection, turn: TransactionTurn): Promise<void> {
  if (turn.statements === 'several') await connection.script('ROLLBACK TO jawort_transaction');
  turn.undone();
}

async function takeOutside(turn: TransactionTurn): Promise<void> {
  try {
    if ((await turn.take()) === 'keep') turn.committed();
    else turn.undone();
  } catch (error) {
    turn.lost(error);
  }
}

/** After some errors SQLite has rolled back by itself, and nothing is left to roll back. */
function alreadyRolledBack(): void {}

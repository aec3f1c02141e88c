import { setTimeout } from 'node:timers/promises';
import type { SqliteConnection } from './connection.ts';

/**
 * SQLite has one writer, and a durable commit costs an fsync. So the acts that wait for the writer at
 * the same time share a commit: one after another inside `BEGIN IMMEDIATE … COMMIT`, each in a
 * savepoint of its own, and everybody is answered after the COMMIT. An act that fails is rolled back
 * to its savepoint and leaves its neighbours alone.
 */
export interface SharedCommit {
  join(turn: Turn): void;
  /** How many commits there were so far. */
  readonly commits: number;
  /** Takes no more turns and waits for those that were taken. */
  close(): Promise<void>;
}

export interface Turn {
  /**
   * `single`: one statement, which undoes itself when it fails. `several`: needs a savepoint.
   * `outside`: cannot run in a transaction, as VACUUM and most PRAGMAs.
   */
  statements: 'single' | 'several' | 'outside';
  /** Has the writer for itself until it resolves. Rejects if the whole transaction is spoiled. */
  take(): Promise<'keep' | 'undo'>;
  committed(): void;
  undone(): void;
  /** Nothing of the turn is in the database, and its neighbours are lost with it. */
  lost(error: unknown): void;
}

const mostTurns = 128;
const longestMillis = 10;
const patienceMillis = 30_000;

export function sharedCommit(connection: SqliteConnection): SharedCommit {
  const waiting: Turn[] = [];
  let working: Promise<void> | undefined;
  let closed = false;
  let commits = 0;

  async function work(): Promise<void> {
    for (let turn = waiting.shift(); turn; turn = waiting.shift()) {
      if (turn.statements === 'outside') await takeOutside(turn);
      else await commitTogether(turn);
    }
    working = undefined;
  }

  async function commitTogether(first: Turn): Promise<void> {
    const kept: Turn[] = [];
    let current: Turn | undefined = first;
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
        const full = taken >= mostTurns || performance.now() - startedAt > longestMillis;
        current = full || waiting[0]?.statements === 'outside' ? undefined : waiting.shift();
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

const savepoint = 'SAVEPOINT jawort_act';
const release = 'RELEASE jawort_act';

/** Another process (the command line beside the server) may be writing: it is waited for. */
async function begin(connection: SqliteConnection, first: Turn): Promise<void> {
  const script = first.statements === 'several' ? `BEGIN IMMEDIATE; ${savepoint}` : 'BEGIN IMMEDIATE';
  const giveUpAt = performance.now() + patienceMillis;
  for (;;) {
    try {
      return await connection.script(script);
    } catch (error) {
      if (!isBusy(error) || performance.now() > giveUpAt) throw error;
      await setTimeout(5);
    }
  }
}

async function undo(connection: SqliteConnection, turn: Turn): Promise<void> {
  if (turn.statements === 'several') await connection.script('ROLLBACK TO jawort_act');
  turn.undone();
}

async function takeOutside(turn: Turn): Promise<void> {
  try {
    if ((await turn.take()) === 'keep') turn.committed();
    else turn.undone();
  } catch (error) {
    turn.lost(error);
  }
}

function isBusy(error: unknown): boolean {
  return (error as { code?: string }).code === 'SQLITE_BUSY';
}

/** Some errors make SQLite roll back by itself, and then there is nothing left to roll back. */
function alreadyRolledBack(): void {}

import { setTimeout } from 'node:timers/promises';
import { spoilsTransaction } from './act.ts';
import type { SqliteConnection } from './connection.ts';
import type { KeptActs } from './kept-acts.ts';
import { type Piece, writtenTogether } from './written.ts';

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

export type Turn = ActTurn | ScriptTurn;

/** An act that holds the writer while it reads and writes. */
export interface ActTurn {
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

/** An act that only writes, and knows already what. */
export interface ScriptTurn {
  statements: 'script';
  pieces: readonly Piece[];
  committed(): void;
  /** The database would not have it, e.g. for a unique index. Nothing of it is written, and its neighbours go on. */
  refused(error: unknown): void;
  lost(error: unknown): void;
}

const mostTurns = 128;
const longestMillis = 10;
const patienceMillis = 30_000;

export function sharedCommit(connection: SqliteConnection, kept: KeptActs): SharedCommit {
  const waiting: Turn[] = [];
  let working: Promise<void> | undefined;
  let closed = false;
  let commits = 0;

  async function work(): Promise<void> {
    for (let turn = waiting.shift(); turn; turn = waiting.shift()) {
      if (turn.statements === 'outside') await takeOutside(turn);
      else if (turn.statements === 'script') await commitScripts([turn, ...furtherScripts()]);
      else await commitTogether(turn);
    }
    working = undefined;
  }

  function furtherScripts(): ScriptTurn[] {
    const end = waiting.findIndex((turn) => turn.statements !== 'script');
    const count = Math.min(end < 0 ? waiting.length : end, mostTurns - 1);
    return waiting.splice(0, count) as ScriptTurn[];
  }

  /** In one trip to the thread pool. Where one of them is refused, the halves are tried apart. */
  async function commitScripts(turns: ScriptTurn[]): Promise<void> {
    try {
      await commitInOne(turns.map(({ pieces }) => pieces));
    } catch (error) {
      await connection.script('ROLLBACK').catch(alreadyRolledBack);
      if (spoilsTransaction(error)) for (const turn of turns) turn.lost(error);
      else if (turns.length === 1) turns[0]?.refused(error);
      else {
        const half = Math.ceil(turns.length / 2);
        await commitScripts(turns.slice(0, half));
        await commitScripts(turns.slice(half));
      }
      return;
    }
    commits += 1;
    for (const turn of turns) turn.committed();
  }

  async function commitInOne(acts: (readonly Piece[])[]): Promise<void> {
    const [alone, ...others] = acts;
    const statement = alone && others.length === 0 ? await kept.statementFor(alone) : undefined;
    if (alone && statement !== undefined) {
      const values = alone.flatMap((piece) => piece.values);
      await whenFree(() => connection.run(statement, values));
      return;
    }
    const script = `BEGIN IMMEDIATE;\n${writtenTogether(acts)};\nCOMMIT`;
    await whenFree(() => connection.script(script, 'a shared commit'));
  }

  /** The next one that can go on in the transaction that is open. */
  function nextAct(): ActTurn | undefined {
    const [next] = waiting;
    if (!next || next.statements === 'outside' || next.statements === 'script') return undefined;
    waiting.shift();
    return next;
  }

  async function commitTogether(first: ActTurn): Promise<void> {
    const kept: ActTurn[] = [];
    let current: ActTurn | undefined = first;
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
        current = full ? undefined : nextAct();
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

function begin(connection: SqliteConnection, first: ActTurn): Promise<void> {
  const script = first.statements === 'several' ? `BEGIN IMMEDIATE; ${savepoint}` : 'BEGIN IMMEDIATE';
  return whenFree(() => connection.script(script));
}

/**
 * Runs what begins a transaction. Another process (the command line beside the server) may be writing: it is
 * waited for.
 */
async function whenFree<T>(work: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + patienceMillis;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > giveUpAt) throw error;
      await setTimeout(5);
    }
  }
}

async function undo(connection: SqliteConnection, turn: ActTurn): Promise<void> {
  if (turn.statements === 'several') await connection.script('ROLLBACK TO jawort_act');
  turn.undone();
}

async function takeOutside(turn: ActTurn): Promise<void> {
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

import { randomBytes } from 'node:crypto';
import type { DecisionBatchTable } from '#db/schema/kept-decisions.ts';
import type { App } from '#src/app/app.ts';
import { decisionId, type KeptCall, type NumberedCall } from './call.ts';
import { packCalls } from './pack.ts';

/**
 * Keeps every answer with its number. A request only puts it into a list: it is written, hashed and stored each second
 * beside the requests, so a killed process loses the answers of its last second, as it loses lines of its log. Uses that a
 * call records are in the ledger before it is answered.
 */
class DecisionKeeper {
  readonly #app: App;
  readonly #writer = newWriter();
  #next = 1;
  #calls: NumberedCall[] = [];
  #files: { writer: string; call: NumberedCall }[] = [];
  #waiting = 0;
  #unsaved: DecisionBatchTable[] = [];
  #flushing: Promise<void> = Promise.resolve();

  constructor(app: App) {
    this.#app = app;
  }

  /** Returns the id of each answer by its index. */
  keep(call: KeptCall): (index: number) => string {
    if (this.#waiting > mostWaiting) this.#loseAll();
    const first = this.#next;
    this.#next += call.answers.length;
    this.#calls.push({ ...call, first });
    this.#waiting += call.answers.length;
    return (index) => decisionId(this.#writer, first + index);
  }

  /** A file is one answer. Its id is known before it is answered, so it has a number of its own. */
  keepFile(writer: string, call: KeptCall): void {
    this.#files.push({ writer, call: { ...call, first: 1 } });
  }

  /** Stores what was answered so far. What fails is tried again with the next flush. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  async #write(): Promise<void> {
    while (this.#calls.length > 0) {
      this.#unsaved.push(await packCalls(this.#writer, takeBatch(this.#calls)));
    }
    for (const { writer, call } of this.#files.splice(0)) this.#unsaved.push(await packCalls(writer, [call]));
    for (let row = this.#unsaved[0]; row; row = this.#unsaved[0]) {
      try {
        await this.#app.db.insertInto('decision_batches').values(row).execute();
      } catch (error) {
        this.#app.log.warn({ reason: String(error) }, 'decisions.not_saved');
        return;
      }
      this.#unsaved.shift();
      this.#waiting = Math.max(0, this.#waiting - row.answers);
    }
  }

  /** The database took nothing for so long that the answers no longer fit into memory. */
  #loseAll(): void {
    this.#app.log.error({ answers: this.#waiting }, 'decisions.not_kept');
    this.#calls = [];
    this.#unsaved = [];
    this.#waiting = 0;
  }
}

/** Some hundred megabytes. */
const mostWaiting = 500_000;
/** The root of a batch is computed at once: of more answers it would hold up requests for longer than they take. */
const mostInBatch = 400;

export function newWriter(): string {
  return randomBytes(6).toString('hex');
}

/** The first calls, of one minute. */
function takeBatch(calls: NumberedCall[]): NumberedCall[] {
  const minute = calls[0]?.at.slice(0, 16);
  let answers = 0;
  let count = 0;
  for (const call of calls) {
    if (count > 0 && (answers + call.answers.length > mostInBatch || call.at.slice(0, 16) !== minute)) break;
    answers += call.answers.length;
    count += 1;
  }
  return calls.splice(0, count);
}

const keepers = new WeakMap<App, DecisionKeeper>();

export function keeperOf(app: App): DecisionKeeper {
  const known = keepers.get(app);
  if (known) return known;
  const keeper = new DecisionKeeper(app);
  keepers.set(app, keeper);
  return keeper;
}

/** Stores what this process answered, if it answered anything. */
export async function flushDecisions(app: App): Promise<void> {
  await keepers.get(app)?.flush();
}

/** Flushes each second; `stop` flushes the rest. */
export function startKeeping(app: App): { stop: () => Promise<void> } {
  const flush = async () => {
    if (!app.writesStopped) await flushDecisions(app);
  };
  const timer = setInterval(() => void flush(), 1000);
  return {
    stop: () => {
      clearInterval(timer);
      return flush();
    },
  };
}

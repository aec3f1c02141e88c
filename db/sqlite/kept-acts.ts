import type { SqliteConnection } from './connection.ts';
import { inPlaceOfMarks } from './marks.ts';
import type { Piece } from './written.ts';

/**
 * Acts that write the same statements again and again, each time with other values. SQLite takes longer to compile
 * their statements than to carry them out, and a prepared statement is one statement only. So the statements of an act
 * become the trigger of a view, and a row put into the view is the act: one prepared statement, compiled once, that
 * SQLite commits by itself or leaves nothing of.
 */
export interface KeptActs {
  /** The statement that is all of the act, with a `?` for each of its values. `undefined`: write it out. */
  statementFor(pieces: readonly Piece[]): Promise<string | undefined>;
}

/** Before that it may be something rare, which would not be worth its view. */
const worthKeeping = 5;
const mostKept = 24;
const mostWatched = 2000;
/** More is a batch, which comes in every size. */
const mostValues = 400;

/** What became of an act that was worth keeping. `undefined`: it cannot stand in a trigger. */
type View = { name: string; insert: string } | undefined;

export function keptActs(connection: SqliteConnection): KeptActs {
  const root = newStep();
  /** What was used longest ago comes first. */
  const kept = new Set<Step>();
  let watched = 0;
  let views = 0;

  /** Where the statements of the act lead to: one after the other, since nothing is put together for it. */
  function stepOf(pieces: readonly Piece[]): Step {
    let step = root;
    for (const { sql, check } of pieces) {
      step = stepInto(step, sql);
      if (check !== undefined) step = stepInto(step, check);
    }
    return step;
  }

  function stepInto(step: Step, statement: string): Step {
    const known = step.next.get(statement);
    if (known) return known;
    const next = newStep();
    step.next.set(statement, next);
    watched += 1;
    return next;
  }

  async function newView(pieces: readonly Piece[], values: number): Promise<View> {
    const act = pieces.map(({ sql, check }) => (check === undefined ? sql : `${sql};\n${check}`)).join(';\n');
    const body = inPlaceOfMarks(act, values, (index) => `NEW.v${index}`);
    // Some `?` is no value.
    if (body === undefined) return undefined;
    const name = `kept_act_${++views}`;
    try {
      await connection.script(`
        CREATE TEMP VIEW ${name} (${columns(values)}) AS SELECT ${listed(values, () => 'NULL')};
        CREATE TEMP TRIGGER ${name}_act INSTEAD OF INSERT ON ${name} BEGIN ${body}; END`);
      return { name, insert: `INSERT INTO temp.${name} VALUES (${listed(values, () => '?')})` };
    } catch {
      // A trigger cannot hold everything: https://www.sqlite.org/lang_createtrigger.html#syntax_restrictions_on_update_delete_and_insert_statements_within_triggers
      await connection.script(`DROP VIEW IF EXISTS temp.${name}`);
      return undefined;
    }
  }

  async function forget(step: Step): Promise<void> {
    kept.delete(step);
    step.times = 0;
    if (step.view) await connection.script(`DROP VIEW temp.${step.view.name}`);
  }

  return {
    async statementFor(pieces) {
      const values = pieces.reduce((sum, piece) => sum + piece.values.length, 0);
      if (values === 0 || values > mostValues) return undefined;
      const step = stepOf(pieces);
      step.times += 1;
      if (step.times < worthKeeping) {
        if (watched > mostWatched) await startAnew();
        return undefined;
      }
      if (!kept.has(step)) {
        const [oldest] = kept;
        if (oldest && kept.size === mostKept) await forget(oldest);
        step.view = await newView(pieces, values);
      }
      kept.delete(step);
      kept.add(step);
      return step.view?.insert;
    },
  };

  /** Statements that were put together for one occasion would be remembered for ever. */
  async function startAnew(): Promise<void> {
    for (const step of kept) await forget(step);
    root.next.clear();
    watched = 0;
  }
}

/** Some statements have been written, one after the other, and maybe they are an act. */
interface Step {
  next: Map<string, Step>;
  /** How often an act ended here. */
  times: number;
  view: View;
}

function newStep(): Step {
  return { next: new Map(), times: 0, view: undefined };
}

function columns(count: number): string {
  return listed(count, (index) => `v${index}`);
}

function listed(count: number, name: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => name(index)).join(', ');
}

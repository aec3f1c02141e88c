import type { SqliteConnection } from './connection.ts';
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
const mostWatched = 500;
/** More is a batch, which comes in every size. */
const mostValues = 400;

/** What became of an act that was worth keeping. `undefined`: it cannot stand in a trigger. */
type View = { name: string; insert: string } | undefined;

export function keptActs(connection: SqliteConnection): KeptActs {
  const seen = new Map<string, number>();
  /** What was used longest ago comes first. */
  const kept = new Map<string, View>();
  let views = 0;

  function isWorthKeeping(act: string): boolean {
    const times = (seen.get(act) ?? 0) + 1;
    if (seen.size === mostWatched) seen.clear();
    seen.set(act, times);
    return times >= worthKeeping;
  }

  async function newView(act: string, values: number): Promise<View> {
    const body = withColumns(act, values);
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

  async function forgetOldest(): Promise<void> {
    for (const [act, view] of kept) {
      kept.delete(act);
      if (view) await connection.script(`DROP VIEW temp.${view.name}`);
      return;
    }
  }

  return {
    async statementFor(pieces) {
      const values = pieces.reduce((sum, piece) => sum + piece.values.length, 0);
      if (values === 0 || values > mostValues) return undefined;
      const act = pieces
        .map(({ sql, check }) => (check === undefined ? sql : `${sql};\n${check}`))
        .join(';\n');
      let view = kept.get(act);
      if (view === undefined && !kept.has(act)) {
        if (!isWorthKeeping(act)) return undefined;
        seen.delete(act);
        if (kept.size === mostKept) await forgetOldest();
        view = await newView(act, values);
      }
      kept.delete(act);
      kept.set(act, view);
      return view?.insert;
    },
  };
}

/** `undefined` where some `?` is no value. */
function withColumns(act: string, values: number): string | undefined {
  const parts = act.split('?');
  if (parts.length !== values + 1) return undefined;
  return parts.map((part, index) => (index === 0 ? part : `NEW.v${index - 1}${part}`)).join('');
}

function columns(count: number): string {
  return listed(count, (index) => `v${index}`);
}

function listed(count: number, name: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => name(index)).join(', ');
}

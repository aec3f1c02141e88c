import type { CompiledAct } from '../driver-queries.ts';
import type { SqliteConnection } from './connection.ts';

/**
 * An act as one prepared statement. SQLite prepares one statement at a time, and compiling the statements of an act costs
 * more than running them. So they become the trigger of a temporary view: inserting into the view runs the act, compiled
 * once, in one trip to the thread pool, and SQLite writes all of it or nothing.
 *
 * The view has a column for each statement of the act: a JSON list of its rows, which may come from several acts. A
 * statement that takes one row is the trigger of a view of its own.
 */
export interface ActViews {
  /** The insert that runs the act, with a `?` for the rows of each statement. */
  statementFor(act: CompiledAct): Promise<string>;
}

/** Made at the first commit of each act: a migration may still change the tables until then. */
export function actViews(connection: SqliteConnection): ActViews {
  const inserts = new Map<CompiledAct, string>();
  return {
    async statementFor(act) {
      const known = inserts.get(act);
      if (known !== undefined) return known;
      const name = `act_${act.name}`;
      await connection.script(viewsOf(name, act));
      const insert = `INSERT INTO temp.${name} VALUES (${act.statements.map(() => '?').join(', ')})`;
      inserts.set(act, insert);
      return insert;
    },
  };
}

function viewsOf(name: string, { statements }: CompiledAct): string {
  const views: string[] = [];
  const steps = statements.map(({ columns, sql, takes }, index) => {
    const rows = `NEW.rows_${index}`;
    if (takes === 'rows') return sql.replace(':rows', rows);
    const values = columns.map((_, place) => `value ->> ${place}`);
    views.push(view(`${name}_${index}`, columns, sql));
    return `INSERT INTO ${name}_${index} SELECT ${values.join(', ')} FROM json_each(${rows})`;
  });
  const lists = statements.map((_, index) => `rows_${index}`);
  return [...views, view(name, lists, steps.join(';\n'))].join(';\n');
}

function view(name: string, columns: readonly string[], body: string): string {
  const named = columns.map((column) => `"${column}"`).join(', ');
  return `
    CREATE TEMP VIEW ${name} (${named}) AS SELECT ${columns.map(() => 'NULL').join(', ')};
    CREATE TEMP TRIGGER ${name}_run INSTEAD OF INSERT ON ${name} BEGIN ${body}; END`;
}

import type { ActQuery } from '../driver-queries.ts';
import type { ActViews } from './act-views.ts';
import type { SqliteConnection } from './connection.ts';
import { whenFree } from './when-free.ts';

/** An act: only writes, and all of its rows are known. */
export interface ActTurn extends Pick<ActQuery, 'act' | 'rows'> {
  statements: 'act';
  committed(): void;
  /** The database refused it, for example by a unique index. Nothing of it is written; the others are. */
  refused(error: unknown): void;
  lost(error: unknown): void;
}

/**
 * Runs acts of the same kind by one statement, which commits by itself. When it is refused, the halves are tried separately,
 * until the refused act is alone. Returns the number of commits.
 */
export async function runTogether(
  connection: SqliteConnection,
  views: ActViews,
  turns: ActTurn[],
): Promise<number> {
  try {
    await run(connection, views, turns);
  } catch (error) {
    if (isConstraint(error) && turns.length > 1) {
      const half = Math.ceil(turns.length / 2);
      const first = await runTogether(connection, views, turns.slice(0, half));
      return first + (await runTogether(connection, views, turns.slice(half)));
    }
    for (const turn of turns) {
      if (isConstraint(error)) turn.refused(error);
      else turn.lost(error);
    }
    return 0;
  }
  for (const turn of turns) turn.committed();
  return 1;
}

async function run(connection: SqliteConnection, views: ActViews, turns: ActTurn[]): Promise<void> {
  const [{ act }] = turns as [ActTurn];
  const statement = await views.statementFor(act);
  const lists = act.statements.map((_, index) => {
    const all = turns.flatMap(({ rows }) => rows[index] ?? []);
    return all.length > 0 ? JSON.stringify(all) : null;
  });
  await whenFree(() => connection.run(statement, lists));
}

function isConstraint(error: unknown): boolean {
  return (error as { code?: string }).code === 'SQLITE_CONSTRAINT';
}

import type { Database, Statement } from 'sqlite3';

export interface Statements {
  /** The prepared statement for this SQL; prepared the first time and kept. */
  prepared(sql: string): Statement | Promise<Statement>;
  readonly size: number;
  finalizeAll(): Promise<void>;
}

/** A bounded cache of prepared statements. What was used longest ago goes first. */
export function statementCache(database: Database, capacity: number): Statements {
  const kept = new Map<string, Statement>();

  async function prepareAnew(sql: string): Promise<Statement> {
    const statement = await prepare(database, sql);
    kept.set(sql, statement);
    if (kept.size > capacity) await finalizeOldest();
    return statement;
  }

  async function finalizeOldest(): Promise<void> {
    for (const [sql, statement] of kept) {
      kept.delete(sql);
      return finalize(statement);
    }
  }

  return {
    prepared(sql) {
      const statement = kept.get(sql);
      if (!statement) return prepareAnew(sql);
      kept.delete(sql);
      kept.set(sql, statement);
      return statement;
    },
    get size() {
      return kept.size;
    },
    async finalizeAll() {
      const statements = [...kept.values()];
      kept.clear();
      for (const statement of statements) await finalize(statement);
    },
  };
}

export function prepare(database: Database, sql: string): Promise<Statement> {
  return new Promise((resolve, reject) => {
    const statement = database.prepare(sql, (error: Error | null) =>
      error ? reject(error) : resolve(statement),
    );
  });
}

export function finalize(statement: Statement): Promise<void> {
  return new Promise((resolve) => {
    statement.finalize(() => resolve());
  });
}

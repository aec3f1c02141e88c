import type { SqliteConnection } from './connection.ts';

export interface Readers {
  /** A reader for one's own use until `giveBack`. */
  take(): Promise<SqliteConnection>;
  giveBack(reader: SqliteConnection): void;
  close(): Promise<void>;
}

/** Lends a reader for one piece of work. */
export async function withReader<T>(
  readers: Readers,
  work: (reader: SqliteConnection) => Promise<T>,
): Promise<T> {
  const reader = await readers.take();
  try {
    return await work(reader);
  } finally {
    readers.giveBack(reader);
  }
}

/** A pool of read-only connections. Callers wait, in order, until one is free. */
export function readers(connections: SqliteConnection[]): Readers {
  const free = [...connections];
  const waiting: ((reader: SqliteConnection) => void)[] = [];

  return {
    async take() {
      return free.pop() ?? new Promise((resolve) => waiting.push(resolve));
    },
    giveBack(reader) {
      const next = waiting.shift();
      if (next) next(reader);
      else free.push(reader);
    },
    async close() {
      for (let left = connections.length; left > 0; left--) await (await this.take()).close();
    },
  };
}

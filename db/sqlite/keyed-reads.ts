import type { CompiledQuery, QueryResult } from 'kysely';
import { type KeyedQuery, listed } from '../prepared-by-key.ts';

type Read = (query: CompiledQuery) => Promise<QueryResult<unknown>>;

/** Reads by key: whoever asks while the same query runs is answered together with all others who wait, in the next. */
export interface KeyedReads {
  ask(query: KeyedQuery): Promise<QueryResult<unknown>>;
}

export function keyedReads(read: Read): KeyedReads {
  const lines = new Map<string, Line>();
  return {
    ask(query) {
      let line = lines.get(query.sql);
      if (!line) {
        line = newLine(query, read);
        lines.set(query.sql, line);
      }
      return line(query.key);
    },
  };
}

/** Those who wait for one query. */
type Line = (key: string) => Promise<QueryResult<unknown>>;

interface Asking {
  key: string;
  resolve: (result: QueryResult<unknown>) => void;
  reject: (error: unknown) => void;
}

const mostAtOnce = 200;

function newLine(query: KeyedQuery, read: Read): Line {
  const place = query.parameters.indexOf(listed([query.key]));
  const waiting: Asking[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const asking = waiting.splice(0, mostAtOnce);
      try {
        await answer(asking);
      } catch (error) {
        for (const { reject } of asking) reject(error);
      }
    }
    running = false;
  }

  async function answer(asking: readonly Asking[]): Promise<void> {
    const keys = [...new Set(asking.map(({ key }) => key))];
    const { rows } = await read({ ...query, parameters: query.parameters.with(place, listed(keys)) });
    if (keys.length === 1 && asking.length === 1) return void asking[0]?.resolve({ rows });
    const byKey = Map.groupBy(rows, (row) => (row as { asked: string }).asked);
    for (const { key, resolve } of asking) resolve({ rows: byKey.get(key) ?? [] });
  }

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      if (!running) void run();
    });
}

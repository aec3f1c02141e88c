import type { CompiledQuery, QueryResult } from 'kysely';
import { type KeyedQuery, listed, readForEach } from '../prepared-by-key.ts';
import { type Together, together } from '../together.ts';

type Read = (query: CompiledQuery) => Promise<QueryResult<unknown>>;

/** Reads by key: those who ask the same query at the same time share one trip to the database. */
export interface KeyedReads {
  ask(query: KeyedQuery): Promise<QueryResult<unknown>>;
}

export function keyedReads(read: Read): KeyedReads {
  const lines = new Map<string, Together<string, QueryResult<unknown>>>();
  return {
    ask(query) {
      let line = lines.get(query.sql);
      if (!line) {
        line = together((keys) => readAll(query, keys, read), { most: mostAtOnce });
        lines.set(query.sql, line);
      }
      return line.ask(query.key);
    },
  };
}

const mostAtOnce = 200;

async function readAll(query: KeyedQuery, asked: string[], read: Read): Promise<QueryResult<unknown>[]> {
  const place = query.parameters.indexOf(listed([query.key]));
  const found = await readForEach(asked, async (keys) => {
    const { rows } = await read({ ...query, parameters: query.parameters.with(place, listed(keys)) });
    return rows as { asked: string }[];
  });
  return found.map((rows) => ({ rows }));
}

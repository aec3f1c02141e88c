import type { CompiledQuery, QueryResult } from 'kysely';
import { batchRequests, type RequestBatcher, readForEach } from '../batch-requests.ts';
import { type KeyedQuery, keyParameter } from '../driver-queries.ts';

type Read = (query: CompiledQuery) => Promise<QueryResult<unknown>>;

/** Reads by key. The same query that is asked for several keys at the same time is one trip to the database. */
export interface KeyedReads {
  ask(query: KeyedQuery): Promise<QueryResult<unknown>>;
}

export function keyedReads(read: Read): KeyedReads {
  const batchers = new Map<string, RequestBatcher<string, QueryResult<unknown>>>();
  return {
    ask(query) {
      let batcher = batchers.get(query.sql);
      if (!batcher) {
        batcher = batchRequests((keys) => readAll(query, keys, read), { limit: keysPerRead });
        batchers.set(query.sql, batcher);
      }
      return batcher.ask(query.key);
    },
  };
}

const keysPerRead = 200;

async function readAll(query: KeyedQuery, keys: string[], read: Read): Promise<QueryResult<unknown>[]> {
  const place = query.parameters.indexOf(keyParameter([query.key]));
  const found = await readForEach(keys, async (distinct) => {
    const parameters = query.parameters.with(place, keyParameter(distinct));
    const { rows } = await read({ ...query, parameters });
    return rows as { asked: string }[];
  });
  return found.map((rows) => ({ rows }));
}

import { type RawBuilder, sql } from 'kysely';
import { databaseKind, type HasAdapter } from './connect.ts';

/**
 * The condition that a column holds one of many keys. All keys are one parameter, so 5,000 keys need one prepared
 * statement. Keys are ids and hashes, which contain no comma.
 */
export function isOneOf(db: HasAdapter, column: string, keys: string[]): RawBuilder<boolean> {
  return databaseKind(db) === 'sqlite'
    ? sql<boolean>`${sql.ref(column)} in (select value from json_each(${JSON.stringify(keys)}))`
    : sql<boolean>`${sql.ref(column)} = any(string_to_array(${keys.join(',')}, ','))`;
}

/**
 * Many keys as a table: `value` is the key, `place` its index in the list, from 0. Like `isOneOf`, one statement for any
 * number of keys; a table joined to it is read in the order of the keys. The list is in a subquery: if PostgreSQL knew its
 * length, it would plan each list again.
 */
export function keyTable(db: HasAdapter, list: string): RawBuilder<{ place: number; value: string }> {
  return databaseKind(db) === 'sqlite'
    ? sql`(select key as place, value from json_each(${list}))`
    : sql`(select place - 1 as place, value
        from unnest(string_to_array((select ${list}::text), ',')) with ordinality as each (value, place))`;
}

/** The keys as the parameter of `keyTable`. */
export function keyList(db: HasAdapter, keys: string[]): string {
  return databaseKind(db) === 'sqlite' ? JSON.stringify(keys) : keys.join(',');
}

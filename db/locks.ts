import { type OperandValueExpressionOrList, type SelectQueryBuilder, sql } from 'kysely';
import { databaseKind, type HasAdapter, type Tx } from './connect.ts';
import type { Schema } from './schema/schema.ts';

/**
 * Locks these rows until the transaction ends. SQLite has one writer at a time and needs no lock. The rows are locked in
 * the order of their ids, so that two transactions never wait for each other; rows that refer to a locked row can still
 * be added.
 */
export async function lockRows(
  tx: Tx,
  table: 'contact_points',
  ids: OperandValueExpressionOrList<Schema, 'contact_points', 'id'>,
): Promise<void> {
  if (databaseKind(tx) === 'sqlite') return;
  await tx.selectFrom(table).select('id').where('id', 'in', ids).orderBy('id').forNoKeyUpdate().execute();
}

/** The query, made to lock the rows that it reads from one table as `lockRows` does. */
export function locking<TB extends keyof Schema, O>(
  db: HasAdapter,
  query: SelectQueryBuilder<Schema, TB, O>,
  table: TB,
): SelectQueryBuilder<Schema, TB, O> {
  return databaseKind(db) === 'postgres' ? query.forNoKeyUpdate(table as never) : query;
}

/**
 * Takes a lock by number until the transaction ends: transactions with the same number run one after the other. SQLite has
 * one writer at a time and needs no lock.
 */
export async function passGate(tx: Tx, gate: number): Promise<void> {
  if (databaseKind(tx) === 'postgres') await sql`select pg_advisory_xact_lock(${gate})`.execute(tx);
}

/**
 * Locks these keys until the transaction ends, whether or not a row has them yet. In the order of the keys, so that two
 * transactions never wait for each other. SQLite has one writer at a time and needs no lock.
 */
export async function lockKeys(tx: Tx, keys: string[]): Promise<void> {
  if (keys.length === 0 || databaseKind(tx) === 'sqlite') return;
  await sql`select pg_advisory_xact_lock(key) from (
    select distinct hashtextextended(value, 0) as key
    from unnest(string_to_array(${keys.join(',')}, ',')) as value order by key) as keys`.execute(tx);
}

/** The query, made to skip rows that another worker has locked. SQLite has one writer at a time and needs no lock. */
export function skipLocked<DB, TB extends keyof DB, O>(
  db: HasAdapter,
  query: SelectQueryBuilder<DB, TB, O>,
): SelectQueryBuilder<DB, TB, O> {
  return databaseKind(db) === 'postgres' ? query.forUpdate().skipLocked() : query;
}

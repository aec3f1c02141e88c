import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db, Tx } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { LogSource } from './sources.ts';

/** What an entry says of a row, before it is written as canonical JSON. */
export type EntryBody = Record<string, string | number | null>;

/** The bodies of these rows as they stand now, by key. A row that is not there any more has none. */
export async function readBodies(
  db: Db | Tx,
  source: LogSource,
  keys: string[],
): Promise<Map<string, EntryBody>> {
  const hashed = source.hashed ?? [];
  const columns = sql.join([source.key, ...source.columns, ...hashed].map((column) => sql.ref(column)));
  const { rows } = await sql<EntryBody>`select ${columns} from ${sql.table(source.table)}
    where ${isOneOf(db, source.key, keys)}`.execute(db);
  return new Map(rows.map((row) => [String(row[source.key]), bodyOf(source, row)]));
}

function bodyOf(source: LogSource, row: EntryBody): EntryBody {
  const body: EntryBody = { entry: source.kind, ref: row[source.key] ?? null };
  // PostgreSQL gives some integers as text, SQLite gives them as numbers.
  for (const column of source.columns) body[column] = plain(row[column]);
  for (const column of source.hashed ?? []) {
    const text = row[column];
    body[`${column}_sha256`] = text == null ? null : sha256Hex(String(text));
  }
  return body;
}

function plain(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'bigint' ? Number(value) : (value as string | number);
}

/** The bodies of the rows with the next keys, in their order. */
export async function readNextBodies(
  db: Db,
  source: LogSource,
  after: string,
  limit: number,
): Promise<Map<string, EntryBody>> {
  const { rows } = await sql<{
    key: string;
  }>`select ${sql.ref(source.key)} as key from ${sql.table(source.table)}
    where ${sql.ref(source.key)} > ${after} order by ${sql.ref(source.key)} limit ${sql.lit(limit)}`.execute(
    db,
  );
  return readBodies(
    db,
    source,
    rows.map(({ key }) => key),
  );
}

/** RFC 8785 for an object of texts, integers and nulls: sorted keys, no blanks. */
export function canonicalJson(body: EntryBody): string {
  const sorted = Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(sorted));
}

/** Whether both say the same. Millions are compared, so neither is written as JSON. */
export function isSameBody(one: EntryBody, other: EntryBody): boolean {
  const columns = Object.keys(one);
  return (
    columns.length === Object.keys(other).length && columns.every((column) => one[column] === other[column])
  );
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Db, databaseKind } from '#db/connect.ts';
import { databases, openDatabase, type TestDatabase } from '#tests/support/databases.ts';
import { type Column, readSchema } from './read-schema.ts';

interface StoredColumn extends Omit<Column, 'generated'> {
  hasDefault: boolean;
}

const declared = readSchema('db/schema');

describe.each(databases)('the data dictionary on %s', (name) => {
  let test: TestDatabase;

  beforeEach(async () => {
    test = await openDatabase(name);
  });
  afterEach(() => test.close());

  it('names every table and column of a migrated database, with its type and whether it may be null', async () => {
    const dictionary = tablesAs(declared, ({ type, nullable }) => `${type}${nullable ? '' : ' not null'}`);
    const stored = tablesAs(
      await storedTables(test.db),
      ({ type, nullable }) => `${type}${nullable ? '' : ' not null'}`,
    );
    expect(dictionary).toEqual(stored);
  });

  it('calls generated only what an insert may leave out', async () => {
    const stored = await storedTables(test.db);
    const wrong = [...declared].flatMap(([table, columns]) =>
      [...columns].flatMap(([column, { generated }]) => {
        const found = stored.get(table)?.get(column);
        return generated && !found?.hasDefault && !found?.nullable ? [`${table}.${column}`] : [];
      }),
    );
    expect(wrong).toEqual([]);
  });
});

describe('reading the dictionary', () => {
  it('finds the type, the null and the default of a column', () => {
    expect(declared.size).toBeGreaterThan(60);
    expect(declared.get('signups')?.get('generation')).toEqual({
      type: 'integer',
      nullable: false,
      generated: false,
    });
    expect(declared.get('signups')?.get('source')).toEqual({
      type: 'text',
      nullable: true,
      generated: false,
    });
    expect(declared.get('purposes')?.get('revision')).toEqual({
      type: 'integer',
      nullable: false,
      generated: true,
    });
  });
});

function tablesAs<C>(tables: Map<string, Map<string, C>>, show: (column: C) => string) {
  const shown = [...tables].map(([table, columns]) => [
    table,
    Object.fromEntries([...columns].map(([column, of]) => [column, show(of)])),
  ]);
  return Object.fromEntries(shown) as Record<string, Record<string, string>>;
}

interface Row {
  table: string;
  column: string;
  type: string;
  nullable: number;
  has_default: number;
}

async function storedTables(db: Db): Promise<Map<string, Map<string, StoredColumn>>> {
  const { rows } = await (databaseKind(db) === 'sqlite' ? sqliteColumns : postgresColumns).execute(db);
  const byTable = Map.groupBy(
    rows.filter(({ table }) => !table.startsWith('kysely_')),
    ({ table }) => table,
  );
  return new Map(
    [...byTable].map(([table, columns]) => [
      table,
      new Map(columns.map((row) => [row.column, storedColumn(row)])),
    ]),
  );
}

function storedColumn({ type, nullable, has_default }: Row): StoredColumn {
  const kind = { text: 'text', integer: 'integer', bigint: 'integer' }[type.toLowerCase()];
  if (kind !== 'text' && kind !== 'integer') throw new Error(`A column has the type ${type}.`);
  return { type: kind, nullable: Number(nullable) === 1, hasDefault: Number(has_default) === 1 };
}

// A primary key of SQLite may be null unless it says otherwise; no key of ours ever is.
const sqliteColumns = sql<Row>`
  select t.name as "table", c.name as "column", c.type, c."notnull" = 0 and c.pk = 0 as nullable,
    c.dflt_value is not null or (c.pk = 1 and c.type = 'integer' collate nocase) as has_default
  from sqlite_schema as t, pragma_table_info(t.name) as c
  where t.type = 'table' and t.name not like 'sqlite_%'`;

const postgresColumns = sql<Row>`
  select table_name as "table", column_name as "column", data_type as type,
    (is_nullable = 'YES')::int as nullable, (column_default is not null or is_identity = 'YES')::int as has_default
  from information_schema.columns where table_schema = 'public'`;

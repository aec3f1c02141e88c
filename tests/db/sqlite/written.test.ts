import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { piecesOf, written, writtenTogether } from '#db/sqlite/written.ts';
import { openDatabase } from '#tests/support/databases.ts';

const compiled = (sql: string, parameters: unknown[]) => ({ sql, parameters });

describe('a statement with its values written into it', () => {
  const difficult = [
    "it's; DROP TABLE events; --",
    "''",
    '"quoted" \\ and ? and $1',
    'line\r\nbreak\t',
    'Ünïcödé 🌍 \u202e',
    '',
    null,
    0,
    -1.5,
    1e21,
    Number.MAX_SAFE_INTEGER,
  ];

  it('gives every value back as it was', async () => {
    const { db, close } = await openDatabase('sqlite');
    for (const value of difficult) {
      const script = written(compiled('select ? as value', [value]));
      const { rows } = await sql<{ value: unknown }>`${sql.raw(script)}`.execute(db);
      expect(rows).toEqual([{ value }]);
    }
    await close();
  });

  it('writes bytes', () => {
    expect(written(compiled('select ?', [Buffer.from([0, 255])]))).toBe("select x'00ff'");
  });

  it('refuses what a script cannot hold', () => {
    expect(() => written(compiled('select ?', ['a\0b']))).toThrow('NUL');
    expect(() => written(compiled('select ?', [Number.NaN]))).toThrow('no number');
    expect(() => written(compiled('select ?', [new Date()]))).toThrow('cannot be stored');
    expect(() => written(compiled("select '?', ?", ['x']))).toThrow('not every ?');
  });
});

describe('the writes of several acts in one script', () => {
  const insert = (table: string, ...values: unknown[]) => ({
    ...compiled(`insert into ${table} values (?)`, values),
    insert: { before: `insert into ${table} values `, columns: 1, after: '' },
  });
  const update = (text: string, changes?: number) => ({ ...compiled(text, []), changes });
  const together = (...acts: object[][]) =>
    writtenTogether(acts.map((act) => piecesOf(act as never))).split(';\n');

  it('put rows for the same table into one insert', () => {
    expect(together([insert('a', 1), insert('b', 2)], [insert('a', 3), insert('b', 4, 5)])).toEqual([
      'insert into a values (1), (3)',
      'insert into b values (2), (4), (5)',
    ]);
  });

  it('stay in the order of each act', () => {
    expect(together([insert('a', 1), insert('b', 1)], [insert('b', 2), insert('a', 2)])).toEqual([
      'insert into a values (1)',
      'insert into b values (1), (2)',
      'insert into a values (2)',
    ]);
    expect(together([insert('a', 1), update('update a'), insert('a', 2)])).toEqual([
      'insert into a values (1)',
      'update a',
      'insert into a values (2)',
    ]);
  });

  it('ask right after a change how many rows it changed', () => {
    expect(together([update('update a', 1)], [insert('a', 1)])).toEqual([
      'insert into a values (1)',
      'update a',
      'insert into expected select changes() = 1',
    ]);
  });
});

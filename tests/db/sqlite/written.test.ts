import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { written } from '#db/sqlite/written.ts';
import { openDatabase } from '#tests/support/databases.ts';

const compiled = (text: string, parameters: unknown[]) => ({ sql: text, parameters }) as never;

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

import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { databases, freshDatabaseUrl, openDatabase } from './databases.ts';

describe('a fresh database', () => {
  it.each(databases)('is another one each time on %s', async (name) => {
    const [one, other] = [await freshDatabaseUrl(name), await freshDatabaseUrl(name)];
    expect(one.url).not.toBe(other.url);
    await Promise.all([one.drop(), other.drop()]);
  });

  it('is empty, and gone after it was dropped, though somebody is still connected', async () => {
    const { url, drop } = await freshDatabaseUrl('postgres');
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    const tables = await client.query(`select 1 from pg_tables where schemaname = 'public'`);
    expect(tables.rows).toEqual([]);
    await drop();
    await expect(new Client({ connectionString: url }).connect()).rejects.toThrow('does not exist');
  });

  it.each(databases)('has every table when it is opened on %s', async (name) => {
    const { db, close } = await openDatabase(name);
    expect(await db.selectFrom('events').selectAll().execute()).toEqual([]);
    await close();
  });
});

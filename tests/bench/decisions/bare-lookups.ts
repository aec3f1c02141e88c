/** The bare limit of a scrub: the same look-ups by the drivers alone, 5,000 keys a time, hashes at hand. */
import { Client } from 'pg';
import sqlite3, { type Statement } from 'sqlite3';

const keysAtOnce = 5000;

const standing = `SELECT point.id, point.person_id, point.lookup_hash, point.link_generation, permission.id AS permission_id,
    permission.state, permission.basis, permission.text_version_id, permission.evidence_grade,
    permission.channel_verified, permission.granted_at, permission.last_used_at, permission.valid_until
  FROM contact_points AS point
  LEFT JOIN permissions AS permission ON permission.contact_point_id = point.id AND permission.purpose_id = PURPOSE
  WHERE point.lookup_hash IN KEYS`;
const suppressions = 'SELECT lookup_hash, reason, purpose_id FROM suppressions WHERE lookup_hash IN KEYS';

/** Rows a second. */
export async function bareLookups(url: string, purposeId: string, hashes: string[]): Promise<number> {
  const lookUp = url.startsWith('sqlite:')
    ? await onSqlite(url.slice('sqlite:'.length), purposeId)
    : await onPostgres(url, purposeId);
  const startedAt = performance.now();
  for (let from = 0; from < hashes.length; from += keysAtOnce) {
    await lookUp.find(hashes.slice(from, from + keysAtOnce));
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await lookUp.close();
  return hashes.length / seconds;
}

interface LookUp {
  find(keys: string[]): Promise<void>;
  close(): Promise<void>;
}

async function onSqlite(file: string, purposeId: string): Promise<LookUp> {
  const database = new sqlite3.Database(file, sqlite3.OPEN_READONLY);
  const statements = [standing.replace('PURPOSE', `'${purposeId}'`), suppressions].map((statement) =>
    database.prepare(statement.replace('KEYS', '(SELECT value FROM json_each(?))')),
  );
  return {
    async find(keys) {
      for (const statement of statements) await all(statement, JSON.stringify(keys));
    },
    async close() {
      for (const statement of statements) await new Promise((resolve) => statement.finalize(resolve));
      await new Promise((resolve) => database.close(resolve));
    },
  };
}

function all(statement: Statement, parameter: string): Promise<void> {
  return new Promise((resolve, reject) => {
    statement.all([parameter], (error) => (error ? reject(error) : resolve()));
  });
}

async function onPostgres(url: string, purposeId: string): Promise<LookUp> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const queries = [standing.replace('PURPOSE', `'${purposeId}'`), suppressions].map((statement, index) => ({
    name: `bare_${index}`,
    text: statement.replace('IN KEYS', "= ANY(string_to_array($1, ','))"),
  }));
  return {
    async find(keys) {
      for (const query of queries) await client.query({ ...query, values: [keys.join(',')] });
    },
    close: () => client.end(),
  };
}

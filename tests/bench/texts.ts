/**
 * Legal's desk with 200 texts, 2,000 versions and 1,000,000 permissions behind them, asked over HTTP on both
 * databases: `benchTexts(folder)` from `run.ts`, or on its own `node tests/bench/texts.ts`.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { connect, type Db } from '#db/connect.ts';
import { settlePermissionCounts } from '#src/consent-texts/permission-counts.ts';
import { startBuilt } from '#tests/support/built-server.ts';
import { startPostgres } from '#tests/support/postgres.ts';

export interface TextsMeasured {
  database: 'sqlite' | 'postgres';
  page: string;
  medianMillis: number;
  p95Millis: number;
}

const pages = {
  grid: '/staff/texts',
  text: '/staff/texts/bench-1/email/de',
  compared: '/staff/texts/bench-1/email/de?version=bench-v-1-de-9&against=bench-v-1-de-2&view=side',
};
const visits = 30;

export async function benchTexts(folder: string): Promise<TextsMeasured[]> {
  const postgres = await startPostgres();
  try {
    const measured: TextsMeasured[] = [];
    for (const database of ['sqlite', 'postgres'] as const) {
      const home = join(folder, database);
      mkdirSync(home, { recursive: true });
      const url = database === 'sqlite' ? `sqlite:${join(home, 'jawort.db')}` : postgres.url;
      measured.push(...(await measure(database, home, url)));
    }
    return measured;
  } finally {
    await postgres.stop();
  }
}

async function measure(
  database: TextsMeasured['database'],
  folder: string,
  databaseUrl: string,
): Promise<TextsMeasured[]> {
  const server = await startBuilt(folder, { DATABASE_URL: databaseUrl, LIMITS: 'off' });
  try {
    await fill(databaseUrl);
    const cookie = await signIn(server.url);
    const measured: TextsMeasured[] = [];
    for (const [page, path] of Object.entries(pages)) {
      const millis: number[] = [];
      for (let visit = 0; visit < visits + 3; visit += 1) {
        const startedAt = performance.now();
        const answer = await fetch(`${server.url}${path}`, { headers: { cookie } });
        await answer.text();
        if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
        // The first visits compile the page.
        if (visit >= 3) millis.push(performance.now() - startedAt);
      }
      millis.sort((a, b) => a - b);
      const at = (share: number) => Math.round((millis[Math.floor(millis.length * share)] ?? 0) * 10) / 10;
      measured.push({ database, page, medianMillis: at(0.5), p95Millis: at(0.95) });
    }
    return measured;
  } finally {
    await server.kill();
  }
}

async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/staff/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { Origin: url },
    body: new URLSearchParams({ email: 'legal@example.org', password: 'demo-jawort' }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
  if (!cookie) throw new Error(`sign-in answered ${answer.status}`);
  return cookie;
}

async function fill(databaseUrl: string): Promise<void> {
  const db = await connect(databaseUrl);
  try {
    for (const statement of statements) await sql.raw(statement).execute(db);
    await settlePermissionCounts({ db });
    await analyse(db);
  } finally {
    await db.destroy();
  }
}

async function analyse(db: Db): Promise<void> {
  await sql`ANALYZE`.execute(db);
}

const numbers = (most: number, name = 'n') =>
  `(WITH RECURSIVE ${name}(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM ${name} WHERE i < ${most}) SELECT i FROM ${name})`;
const locales = `(SELECT 'de' AS locale UNION ALL SELECT 'en')`;
const at = `'2026-01-01T00:00:00.000Z'`;
const wording = `'Ja, die Muster Werkzeuge GmbH, Hanau, darf mir höchstens zweimal im Monat ihren Newsletter mit Werbung für Akkuschrauber, Sägen und Zubehör per E-Mail schicken. Das ist freiwillig. Ich kann das jederzeit kostenlos widerrufen. Fassung '`;

/** 100 purposes × 2 languages × 10 versions; 10,000 people × 100 purposes. */
const statements = [
  `INSERT INTO purposes (id, controller_id, key, position, created_at)
   SELECT 'bench-p-' || p.i, (SELECT id FROM controllers LIMIT 1), 'bench-' || p.i, 100 + p.i, ${at} FROM ${numbers(100)} AS p`,
  `INSERT INTO purpose_channels (purpose_id, channel) SELECT 'bench-p-' || p.i, 'email' FROM ${numbers(100)} AS p`,
  `INSERT INTO purpose_translations (purpose_id, locale, title, promise)
   SELECT 'bench-p-' || p.i, l.locale, 'Zweck ' || p.i, 'Höchstens zweimal im Monat.' FROM ${numbers(100)} AS p, ${locales} AS l`,
  `INSERT INTO consent_texts (id, purpose_id, channel, locale, live_version_id)
   SELECT 'bench-t-' || p.i || '-' || l.locale, 'bench-p-' || p.i, 'email', l.locale, 'bench-v-' || p.i || '-' || l.locale || '-10'
   FROM ${numbers(100)} AS p, ${locales} AS l`,
  `INSERT INTO consent_text_versions (id, text_id, major, minor, wording, sha256, state, names, approved_at, live_from, created_at)
   SELECT 'bench-v-' || p.i || '-' || l.locale || '-' || v.i, 'bench-t-' || p.i || '-' || l.locale, v.i, 0, ${wording} || v.i,
     'bench', CASE WHEN v.i = 10 THEN 'live' ELSE 'retired' END,
     '{"controller":"Muster Werkzeuge GmbH","third_parties":[]}', ${at}, ${at}, ${at}
   FROM ${numbers(100)} AS p, ${locales} AS l, ${numbers(10, 'm')} AS v`,
  `INSERT INTO people (id, locale, created_at) VALUES ('bench-person', 'de', ${at})`,
  `INSERT INTO contact_points (id, person_id, channel, source, created_at)
   SELECT 'bench-c-' || c.i, 'bench-person', 'phone', 'bench', ${at} FROM ${numbers(10_000)} AS c`,
  // In parts: PostgreSQL ends a statement that takes longer than any of ours may.
  ...Array.from(
    { length: 20 },
    (
      _,
      part,
    ) => `INSERT INTO permissions (id, contact_point_id, purpose_id, channel, state, settled_state, text_version_id,
     channel_verified, since, last_event_id, event_count, created_at)
   SELECT 'bench-' || c.i || '-' || p.i, 'bench-c-' || c.i, 'bench-p-' || p.i, 'email', 'granted', 'granted',
     'bench-v-' || p.i || '-de-' || (1 + c.i % 10), 1, ${at}, 'bench', 1, ${at}
   FROM ${numbers(10_000)} AS c, ${numbers(100, 'm')} AS p WHERE p.i % 20 = ${part}`,
  ),
];

if (process.argv[1] === import.meta.filename) {
  const folder = mkdtempSync(join(tmpdir(), 'jawort-bench-texts-'));
  const measured = await benchTexts(folder).finally(() => rmSync(folder, { recursive: true, force: true }));
  for (const { database, page, medianMillis, p95Millis } of measured) {
    console.log(`${database} ${page}: median ${medianMillis} ms, p95 ${p95Millis} ms`);
  }
}

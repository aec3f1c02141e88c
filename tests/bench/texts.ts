/** Legal's desk asked over HTTP on both databases, and the check of a wording. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { connect, type Db } from '#db/connect.ts';
import { settlePermissionCounts } from '#src/consent-texts/permission-counts.ts';
import { checkWording } from '#src/consent-texts/wording-check/check-wording.ts';
import { referenceTexts } from '#tests/consent-texts/reference-texts.ts';
import { startBuilt } from '#tests/support/built-server.ts';
import { startPostgres } from '#tests/support/postgres.ts';
import { aimed, type Figure, type Part, type PartReport } from './part.ts';

export const texts: Part = {
  title: "Legal's desk with 200 texts, 2,000 versions and 1,000,000 permissions",
  measure,
};

const pages = {
  'the grid': '/staff/texts',
  'a text': '/staff/texts/bench-1/email/de',
  'two versions compared':
    '/staff/texts/bench-1/email/de?version=bench-v-1-de-9&against=bench-v-1-de-2&view=side',
};
const visits = 30;

async function measure(folder: string, say: (what: string) => void): Promise<PartReport> {
  const postgres = await startPostgres();
  try {
    const figures: Figure[] = [];
    for (const database of ['SQLite', 'PostgreSQL']) {
      say(`the desk on ${database}`);
      const home = join(folder, database);
      mkdirSync(home, { recursive: true });
      const url = database === 'SQLite' ? `sqlite:${join(home, 'jawort.db')}` : postgres.url;
      figures.push(...(await visitPages(database, home, url)));
    }
    return { tables: [], figures: [...figures, slowestCheck()] };
  } finally {
    await postgres.stop();
  }
}

async function visitPages(database: string, folder: string, databaseUrl: string): Promise<Figure[]> {
  const server = await startBuilt(folder, { DATABASE_URL: databaseUrl, LIMITS: 'off' });
  try {
    await fill(databaseUrl);
    const cookie = await signIn(server.url);
    const figures: Figure[] = [];
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
      const [median = Number.NaN, p95 = Number.NaN] = [0.5, 0.95].map(
        (part) => millis[Math.floor(millis.length * part)],
      );
      const shown = `p50 ${median.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`;
      figures.push(aimed(`${page} on ${database}`, shown, '< 100 ms', median < 100));
    }
    return figures;
  } finally {
    await server.kill();
  }
}

/** The best of a few runs for each reference text, brought to a thousand characters; of those the slowest. */
function slowestCheck(): Figure {
  const millis = referenceTexts.map(({ locale, wording }) => {
    const thousand = `${wording} `.repeat(5).slice(0, 1000);
    const runs = Array.from({ length: 10 }, () => {
      const startedAt = performance.now();
      checkWording({
        locale,
        wording: thousand,
        channels: ['email'],
        controllers: [{ name: 'Muster GmbH' }],
      });
      return performance.now() - startedAt;
    });
    return Math.min(...runs);
  });
  const slowest = Math.max(...millis);
  return aimed('the check of 1,000 characters', `${slowest.toFixed(1)} ms`, '< 10 ms', slowest < 10);
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

/** The dashboard over a year of a million events, asked over HTTP on both databases, and how fast they are counted. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { connect, type Db } from '#db/connect.ts';
import { addDays } from '#src/figures/period.ts';
import { settleFigures } from '#src/figures/settle-figures.ts';
import { startBuilt } from '#tests/support/built-server.ts';
import { startPostgres } from '#tests/support/postgres.ts';
import { aimed, type Figure, type Part, type PartReport } from './part.ts';

export const figures: Part = {
  title: 'The figures with 1,000,000 events of 400,000 signups in ten forms',
  measure,
};

const pages = {
  'a year of all forms': '/staff/figures?span=year',
  'three months of all forms': '/staff/figures',
  'a year of one form': '/staff/forms/bench-3/figures?span=year',
};
const visits = 20;
const signups = 400_000;
const withdrawn = 200_000;
const atOnce = 20_000;

async function measure(folder: string, say: (what: string) => void): Promise<PartReport> {
  const postgres = await startPostgres();
  try {
    const measured: Figure[] = [];
    for (const database of ['SQLite', 'PostgreSQL']) {
      say(`the figures on ${database}`);
      const home = join(folder, database);
      mkdirSync(home, { recursive: true });
      const url = database === 'SQLite' ? `sqlite:${join(home, 'jawort.db')}` : postgres.url;
      measured.push(...(await visitPages(database, home, url)));
    }
    return { tables: [], figures: measured };
  } finally {
    await postgres.stop();
  }
}

async function visitPages(database: string, folder: string, databaseUrl: string): Promise<Figure[]> {
  const server = await startBuilt(folder, { DATABASE_URL: databaseUrl, LIMITS: 'off' });
  try {
    const perSecond = await fill(databaseUrl);
    const measured: Figure[] = [
      { what: `events counted on ${database}`, measured: `${perSecond.toFixed(0)} a second` },
    ];
    const cookie = await signIn(server.url);
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
      measured.push(aimed(`${page} on ${database}`, shown, '< 300 ms', median < 300));
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
    body: new URLSearchParams({ email: 'marketing@example.org', password: 'demo-jawort' }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
  if (!cookie) throw new Error(`sign-in answered ${answer.status}`);
  return cookie;
}

/** Straight into the tables: the acts would take hours. Returns how many events a second were counted. */
async function fill(databaseUrl: string): Promise<number> {
  const db = await connect(databaseUrl);
  try {
    await fillDays(db);
    for (const statement of statements()) await sql.raw(statement).execute(db);
    await sql`ANALYZE`.execute(db);
    const startedAt = performance.now();
    const { counted } = await settleFigures({ db }, atOnce);
    const seconds = (performance.now() - startedAt) / 1000;
    await sql`ANALYZE`.execute(db);
    return counted / seconds;
  } finally {
    await db.destroy();
  }
}

async function fillDays(db: Db): Promise<void> {
  await sql`CREATE TABLE bench_days (nr integer PRIMARY KEY, day text NOT NULL)`.execute(db);
  const last = new Date().toISOString().slice(0, 10);
  for (let i = 0; i < 364; i += 1) {
    await sql`INSERT INTO bench_days (nr, day) VALUES (${i}, ${addDays(last, -i)})`.execute(db);
  }
}

function statements(): string[] {
  return [
    `INSERT INTO forms (id, key, controller_id, default_locale, allowed_origins, confirm_within_hours, current_version_id, created_at)
     SELECT 'bench-f-' || n.i, 'bench-' || n.i, controller_id, 'de', '[]', 72, current_version_id, created_at
     FROM (SELECT * FROM forms WHERE key = 'newsletter') AS form, ${numbers(0, 9)} AS n`,
    `INSERT INTO people (id, locale, created_at) VALUES ('bench-person', 'de', '2025-01-01T00:00:00.000Z')`,
    ...parts(signups).flatMap(signupParts),
    ...parts(withdrawn).map((part) => event(part, 'withdrawn', 3, 'i * 2', { signup: 'NULL', later: 5 })),
    'DELETE FROM ledger_queue',
    `INSERT INTO ledger_positions (position, event_id)
     SELECT row_number() OVER (ORDER BY recorded_at, number), id FROM events WHERE id LIKE 'bench-%'`,
    'DELETE FROM permission_count_changes',
  ];
}

const purpose = `(SELECT id FROM purposes WHERE key = 'product-news')`;
const text = `(SELECT live_version_id FROM consent_texts WHERE purpose_id = ${purpose} AND channel = 'email' AND locale = 'de')`;
const dayOf = (number: string, later = 0) =>
  `(SELECT day FROM bench_days WHERE nr = (${number} * 7 + ${364 - later}) % 364)`;

function signupParts(part: string): string[] {
  return [
    `INSERT INTO contact_points (id, person_id, channel, lookup_hash, source, created_at, link_generation)
     SELECT 'bench-c-' || i, 'bench-person', 'email', 'bench-' || i, 'bench', '2025-01-01T00:00:00.000Z', 0 FROM ${part} AS n`,
    `INSERT INTO permissions (id, contact_point_id, purpose_id, channel, state, settled_state, basis, text_version_id,
       evidence_grade, channel_verified, granted_at, since, last_event_id, event_count, created_at)
     SELECT 'bench-p-' || i, 'bench-c-' || i, ${purpose}, 'email',
       CASE WHEN i % 2 = 0 AND i / 2 < ${withdrawn} THEN 'withdrawn' ELSE 'granted' END,
       CASE WHEN i % 2 = 0 AND i / 2 < ${withdrawn} THEN 'withdrawn' ELSE 'granted' END, 'consent', ${text},
       'A', 1, ${dayOf('i')} || 'T09:10:00.000Z', ${dayOf('i')}, 'bench', 2, ${dayOf('i')} FROM ${part} AS n`,
    `INSERT INTO signups (id, person_id, contact_point_id, form_id, form_version_id, locale, origin, source, state,
       requested_at, expires_at, purge_at, answered_at, generation, code_tries, mails_sent, test)
     SELECT 'bench-s-' || i, 'bench-person', 'bench-c-' || i, 'bench-f-' || (i % 10),
       (SELECT current_version_id FROM forms WHERE key = 'newsletter'), 'de', 'web_form',
       CASE i % 6 WHEN 0 THEN NULL ELSE 'campaign-' || (i % 6) END, 'confirmed', ${dayOf('i')} || 'T09:00:00.000Z',
       ${dayOf('i')} || 'T09:00:00.000Z', ${dayOf('i')}, ${dayOf('i')} || 'T09:10:00.000Z', 1, 0, 1, 0 FROM ${part} AS n`,
    `INSERT INTO signup_items (signup_id, purpose_id, channel, contact_point_id, permission_id, text_version_id, position)
     SELECT 'bench-s-' || i, ${purpose}, 'email', 'bench-c-' || i, 'bench-p-' || i, ${text}, 0 FROM ${part} AS n`,
    event(part, 'requested', 1, 'i', { signup: `'bench-s-' || i`, later: 0 }),
    event(part, 'confirmed', 2, 'i', { signup: `'bench-s-' || i`, later: 0 }),
  ];
}

function event(
  part: string,
  kind: string,
  number: number,
  i: string,
  { signup, later }: { signup: string; later: number },
): string {
  const minute = ['09:00', '09:10', '10:00'][number - 1];
  return `INSERT INTO events (id, kind, occurred_at, recorded_at, permission_id, number, contact_point_id, purpose_id,
      channel, basis, signup_id, origin, actor, channel_verified, hash)
    SELECT 'bench-e-' || (${i}) || '-${number}', '${kind}', ${dayOf(i, later)} || 'T${minute}:00.000Z',
      ${dayOf(i, later)} || 'T${minute}:00.000Z', 'bench-p-' || (${i}), ${number}, 'bench-c-' || (${i}), ${purpose},
      'email', 'consent', ${signup}, 'web_form', 'person', 1, '' FROM ${part} AS n`;
}

/** In parts: PostgreSQL ends a statement that takes longer than any of ours may. */
function parts(count: number): string[] {
  return Array.from({ length: Math.ceil(count / atOnce) }, (_, part) =>
    numbers(part * atOnce, (part + 1) * atOnce - 1),
  );
}

function numbers(from: number, to: number): string {
  return `(WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to}) SELECT i FROM n)`;
}

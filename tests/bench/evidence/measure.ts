/** The transparency log: how fast it grows, proves and is checked. On SQLite. */
import { join } from 'node:path';
import { sql } from 'kysely';
import pino from 'pino';
import { connect, type Db } from '#db/connect.ts';
import { migrate } from '#db/migrate.ts';
import { type Config, readConfig } from '#src/app/config.ts';
import { givePositions } from '#src/ledger/give-positions.ts';
import { inclusionProof } from '#src/log/merkle-tree.ts';
import { sequence } from '#src/log/sequence.ts';
import { treeOf } from '#src/log/tile-store.ts';
import { deriveKeys } from '#src/secrets/keys.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, signUp } from '#tests/support/app.ts';
import { seedDemo } from '../decisions/seed.ts';
import { measuredCommand } from '../measured-command.ts';
import { aimed, type Figure, type Part, type PartReport } from '../part.ts';
import { clonePeople } from './clone-people.ts';

/** `BENCH_EVENTS=100000` is done in a minute. */
const events = Number(process.env.BENCH_EVENTS ?? 1_000_000);
const leaves = 10_000_000;

export const evidence: Part = { title: `The transparency log with ${events} events`, measure };

async function measure(folder: string, say: (what: string) => void): Promise<PartReport> {
  const url = `sqlite:${join(folder, 'jawort.db')}`;
  const db = await connect(url);
  say(`${events} events`);
  await fill(db, url);
  say('their entries');
  const grown = await grow(db, url);
  await db.destroy();
  say('ledger verify');
  const verified = await verify(url);
  say(`proofs with ${leaves} leaves`);
  const proofs = await prove(join(folder, 'tiles.db'));
  return { tables: [], figures: [grown, ...verified, proofs] };
}

function appOf(db: Db, url: string) {
  const read = readConfig({ DATABASE_URL: url, LIMITS: 'off' });
  if (!read.ok) throw new Error(read.mistakes.join('\n'));
  const config: Config = read.config;
  const log = pino({ level: 'silent' });
  const sightings = { shown() {}, submitted() {}, opened() {}, flush: async () => undefined };
  return {
    db,
    config,
    keys: deriveKeys(config.appSecret),
    now: () => new Date(),
    log,
    mailsQueued: () => {},
    sightings,
  };
}

async function fill(db: Db, url: string): Promise<void> {
  await seedDemo(db);
  const app = appOf(db, url);
  const boxes = ['product-news:email', 'event-invitations:email', 'partner-offers:email'];
  for (let n = 0; n < 5; n++) {
    const email = `reader${n}@example.org`;
    await signUp(app, email, boxes);
    await confirmSignup(app, await newestToken(app, email), aClient);
  }
  await sql`PRAGMA synchronous = OFF`.execute(db);
  // Five people with six events each.
  await clonePeople(db, Math.round(events / 30));
}

async function grow(db: Db, url: string): Promise<Figure> {
  while ((await givePositions(db)) > 0);
  const app = appOf(db, url);
  const startedAt = performance.now();
  let entries = 0;
  for (let added = 1; added > 0; entries += added) added = await sequence(app);
  const perSecond = entries / ((performance.now() - startedAt) / 1000);
  return aimed('entries a second', String(Math.round(perSecond)), '≥ 2,000', perSecond >= 2000);
}

async function verify(url: string): Promise<Figure[]> {
  const {
    output,
    seconds,
    megabytes = 0,
    processorSeconds = 0,
  } = await measuredCommand(url, ['ledger', 'verify', '--json']);
  const { findings, entries } = JSON.parse(output) as { findings: unknown[]; entries: number };
  if (findings.length > 0) throw new Error(`ledger verify found ${findings.length} things that do not fit.`);
  const what = `ledger verify of ${entries} entries`;
  return [
    aimed(what, `${seconds.toFixed(1)} s`, '≤ 60 s', seconds <= 60),
    { what: `${what}, processor`, measured: `${processorSeconds.toFixed(1)} s` },
    aimed(`${what}, memory`, `${Math.round(megabytes)} MB`, '≤ 256 MB', megabytes <= 256),
  ];
}

/** Tiles whose hashes mean nothing: reading and hashing them costs the same. */
async function prove(file: string): Promise<Figure> {
  const db = await connect(`sqlite:${file}`);
  await migrate(db);
  for (let level = 0, hashes = leaves; hashes > 0; level++, hashes = Math.floor(hashes / 256)) {
    const full = Math.floor(hashes / 256);
    const rest = level === 0 ? 0 : hashes % 256;
    await sql`INSERT INTO log_tiles (level, n, hashes)
      WITH RECURSIVE counted (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < ${full})
      SELECT ${level}, n, replace(hex(zeroblob(8192)), '0', 'a') FROM counted WHERE n < ${full}`.execute(db);
    if (rest > 0)
      await db
        .insertInto('log_tiles')
        .values({ level, n: full, hashes: 'a'.repeat(64 * rest) })
        .execute();
  }
  const size = Math.floor(leaves / 256) * 256;
  const millis: number[] = [];
  for (let turn = 0; turn < 1000; turn++) {
    const index = Math.floor(Math.random() * size);
    const startedAt = performance.now();
    await inclusionProof(index, size, treeOf(db));
    millis.push(performance.now() - startedAt);
  }
  await db.destroy();
  const [, median = 0, p95 = 0] = [0, 0.5, 0.95].map(
    (share) => millis.sort((a, b) => a - b)[Math.floor(share * millis.length)],
  );
  const measured = `${median.toFixed(2)} ms (95 of 100 within ${p95.toFixed(2)} ms)`;
  return aimed(`an inclusion proof with ${size} leaves`, measured, '≤ 2 ms', median <= 2);
}

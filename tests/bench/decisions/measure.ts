/** Decisions over HTTP and of whole files, on both databases, beside the same look-ups by the drivers alone. */
import assert from 'node:assert/strict';
import { createReadStream, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { connect } from '#db/connect.ts';
import { readConfig } from '#src/app/config.ts';
import { demoKey } from '#src/exchange/api-keys.ts';
import { deriveKeys, type Keys } from '#src/secrets/keys.ts';
import { type BuiltServer, startBuilt } from '#tests/support/built-server.ts';
import { startPostgres } from '#tests/support/postgres.ts';
import { figuresOf } from '../latencies.ts';
import { aimed, type Figure, type Part, type PartReport } from '../part.ts';
import { sendLoad } from '../send-load.ts';
import { askedAddress, writeAskedFile } from './asked.ts';
import { bareLookups } from './bare-lookups.ts';
import { type Scrubbing, scrubCommand } from './scrub-command.ts';
import { hashOf, seedDemo, seedPeople } from './seed.ts';

/** Three for each person. `BENCH_PERMISSIONS=100000` is done in half a minute. */
const permissions = Number(process.env.BENCH_PERMISSIONS ?? 3_000_000);
const people = Math.ceil(permissions / 3);
const fewPeople = Math.min(people, 33_334);
const rows = Math.min(people, 1_000_000);

export const decisions: Part = {
  title: `Decisions with ${people} contact points and ${people * 3} permissions, files of ${rows} rows`,
  measure,
};

interface Database {
  name: 'SQLite' | 'PostgreSQL';
  url: string;
  scrubAim: number;
}

async function measure(folder: string, say: (what: string) => void): Promise<PartReport> {
  const postgres = await startPostgres();
  try {
    mkdirSync(join(folder, 'server'));
    const figures: Figure[] = [];
    const growth = [
      ['', 'permissions', 'rows/s', 'bare look-ups/s', 'of bare', 'µs a row', 'on a processor'],
    ];
    const databases: Database[] = [
      { name: 'SQLite', url: `sqlite:${join(folder, 'jawort.db')}`, scrubAim: 100_000 },
      { name: 'PostgreSQL', url: postgres.url, scrubAim: 50_000 },
    ];
    for (const database of databases) {
      const keys = keysFor(database);
      let many = await grow(folder, database, keys, 0, fewPeople, say);
      growth.push(lineOf(database, many));
      if (people > fewPeople) {
        many = await grow(folder, database, keys, fewPeople, people, say);
        growth.push(lineOf(database, many));
      }
      figures.push(...scrubFigures(database, many), ...(await overHttp(folder, database, say)));
    }
    return { tables: [growth], figures };
  } finally {
    await postgres.stop();
  }
}

function keysFor({ url }: Database): Keys {
  const read = readConfig({ DATABASE_URL: url });
  assert(read.ok);
  return deriveKeys(read.config.appSecret);
}

interface Scrubbed extends Scrubbing {
  people: number;
  /** The mean of one round before and one after. */
  barePerSecond: number;
}

async function grow(
  folder: string,
  database: Database,
  keys: Keys,
  from: number,
  to: number,
  say: (what: string) => void,
): Promise<Scrubbed> {
  say(`seeding ${database.name} with ${to * 3} permissions`);
  // One connection, so that what the seed sets for its session holds for all of it.
  const db = await connect(database.name === 'SQLite' ? database.url : `${database.url}?pool=1`);
  if (from === 0) await seedDemo(db);
  await seedPeople(db, keys, from, to);
  const purpose = await db
    .selectFrom('purposes')
    .select('id')
    .where('key', '=', 'product-news')
    .executeTakeFirstOrThrow();
  await db.destroy();
  say(`scrubbing on ${database.name}`);
  const input = join(folder, 'asked.csv');
  await writeAskedFile(input, rows, to);
  const hashes = Array.from({ length: Math.min(rows, 200_000) }, (_, row) =>
    hashOf(keys, askedAddress(row, to)),
  );
  const before = await bareLookups(database.url, purpose.id, hashes);
  const scrubbing = await scrubCommand(database.url, input);
  const after = await bareLookups(database.url, purpose.id, hashes);
  return { ...scrubbing, people: to, barePerSecond: (before + after) / 2 };
}

function lineOf({ name }: Database, scrubbed: Scrubbed): string[] {
  const { people, rowsPerSecond, barePerSecond, processorMicros } = scrubbed;
  return [
    `scrub on ${name}`,
    String(people * 3),
    rowsPerSecond.toFixed(0),
    barePerSecond.toFixed(0),
    percent(rowsPerSecond / barePerSecond),
    (1e6 / rowsPerSecond).toFixed(1),
    processorMicros?.toFixed(1) ?? '',
  ];
}

function scrubFigures({ name, scrubAim }: Database, scrubbed: Scrubbed): Figure[] {
  const { rowsPerSecond, barePerSecond, megabytes } = scrubbed;
  const ofBare = rowsPerSecond / barePerSecond;
  const figures = [
    aimed(
      `scrub on ${name}`,
      `${rowsPerSecond.toFixed(0)} rows/s`,
      `≥ ${scrubAim}`,
      rowsPerSecond >= scrubAim,
    ),
    aimed(`  beside the bare look-ups`, percent(ofBare), '≥ 50 %', ofBare >= 0.5),
  ];
  if (megabytes !== undefined) {
    figures.push(aimed(`  its memory at most`, `${megabytes.toFixed(0)} MB`, '< 300 MB', megabytes < 300));
  }
  return figures;
}

async function overHttp(folder: string, database: Database, say: (what: string) => void): Promise<Figure[]> {
  say(`asking over HTTP on ${database.name}`);
  const server = await startBuilt(join(folder, 'server'), { DATABASE_URL: database.url, LIMITS: 'off' });
  try {
    const single = await singleDecisions(server);
    const call = await callsWithMany(server);
    const streamed = await streamedRows(server, join(folder, 'asked.csv'));
    const { name, scrubAim } = database;
    return [
      aimed(`one decision on ${name}, p99 at 16`, `${single.p99.toFixed(1)} ms`, '≤ 10 ms', single.p99 <= 10),
      { what: '  how many', measured: `${single.perSecond.toFixed(0)}/s` },
      aimed(`a call with 1,000 addresses`, `p50 ${call.toFixed(0)} ms`, '≤ 100 ms', call <= 100),
      aimed(
        `decisions/stream on ${name}`,
        `${streamed.toFixed(0)} rows/s`,
        `≥ ${scrubAim}`,
        streamed >= scrubAim,
      ),
    ];
  } finally {
    await server.kill();
    rmSync(join(folder, 'asked.csv'));
  }
}

const authorization = `Bearer ${demoKey}`;
const question = { purpose: 'product-news', channel: 'email' };

async function singleDecisions({ port }: BuiltServer) {
  const requests = Array.from({ length: 20_000 }, (_, row) => ({
    path: '/api/v1/decisions',
    body: JSON.stringify({ ...question, contact_points: [askedAddress(row, people)] }),
  }));
  const headers = [`Authorization: ${authorization}`, 'Content-Type: application/json'];
  const load = { port, connections: 16, seconds: 4, method: 'POST' as const, headers, requests, over: true };
  // As in the other part: cold code says how fast it is compiled.
  await sendLoad(load, 200);
  return figuresOf([await sendLoad(load, 200)]);
}

/** The median, in milliseconds. */
async function callsWithMany({ url }: BuiltServer): Promise<number> {
  const millis: number[] = [];
  for (let call = 0; call < 23; call++) {
    const addresses = Array.from({ length: 1000 }, (_, row) => askedAddress(call * 1000 + row, people));
    const startedAt = performance.now();
    const answer = await fetch(`${url}/api/v1/decisions`, {
      method: 'POST',
      headers: { authorization, 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...question, contact_points: addresses }),
    });
    const { decisions } = (await answer.json()) as { decisions: unknown[] };
    assert.equal(decisions.length, 1000);
    // The first calls warm up.
    if (call >= 3) millis.push(performance.now() - startedAt);
  }
  return millis.sort((a, b) => a - b)[Math.floor(millis.length / 2)] ?? Number.NaN;
}

/** Rows a second, from the first byte sent to the last received. */
async function streamedRows({ url }: BuiltServer, file: string): Promise<number> {
  const startedAt = performance.now();
  const answer = await fetch(`${url}/api/v1/decisions/stream?${new URLSearchParams(question)}`, {
    method: 'POST',
    headers: { authorization, 'Content-Type': 'text/csv', 'Content-Length': String(statSync(file).size) },
    body: Readable.toWeb(createReadStream(file)) as ReadableStream,
    duplex: 'half',
  } as RequestInit);
  assert.equal(answer.status, 200);
  let lines = 0;
  for await (const chunk of answer.body ?? []) for (const byte of chunk) if (byte === 0x0a) lines += 1;
  assert.equal(lines, rows + 1);
  return (rows / (performance.now() - startedAt)) * 1000;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

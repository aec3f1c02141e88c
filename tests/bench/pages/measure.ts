/**
 * The four hot pages beside a bare server. Both are measured in turn, so that whatever else the machine does
 * falls on both.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { connect } from '#db/connect.ts';
import { readConfig } from '#src/app/config.ts';
import { deriveKeys } from '#src/secrets/keys.ts';
import { type BuiltServer, databaseUrl, startBuilt } from '#tests/support/built-server.ts';
import type { Load, Measured } from '../load.ts';
import type { Part, PartReport } from '../part.ts';
import { sendLoad } from '../send-load.ts';
import { type Act, acts, type World } from './acts.ts';
import { type BareServer, startBare } from './bare.ts';
import { drained } from './outbox.ts';
import { type Cell, cellOf, pagesReport } from './report.ts';
import { formPageBytes, residentMegabytes } from './size.ts';

export const pages: Part = {
  title: 'The four hot pages, on SQLite, beside a bare server that commits as many rows',
  measure,
};

const levels = [1, 16, 64];
const rounds = 4;
const seconds = 1.5;
/** Of both, before an act is measured: a server runs for days, and its code is compiled as it is used. */
const warmUp = { connections: 16, seconds: 4 };
const environment = { LIMITS: 'off', MAIL_TRANSPORT: 'file' };

async function measure(folder: string, say: (what: string) => void): Promise<PartReport> {
  const bare = await startBare(join(folder, 'bare.db'));
  const server = await startBuilt(folder, environment).catch(async (error: unknown) => {
    await bare.stop();
    throw error;
  });
  const world = await openWorld(folder);
  try {
    const formBytes = await formPageBytes(server.url);
    const cells: Cell[] = [];
    for (const act of acts) {
      say(`${act.name}, warming up`);
      await oneRound(act, warmUp, { bare, server }, world);
      for (const connections of levels) {
        say(`${act.name}, ${connections} at a time`);
        cells.push(await measureBoth(act, connections, { bare, server }, world));
      }
    }
    const mailsPerSecond = world.mails.sent / world.mails.seconds;
    const memory = residentMegabytes(server.pid);
    await server.stop();
    const readyMillis = await starts(folder, 3);
    return pagesReport({ cells, formBytes, residentMegabytes: memory, readyMillis, mailsPerSecond });
  } finally {
    await world.db.destroy();
    await server.kill();
    await bare.stop();
  }
}

async function openWorld(folder: string): Promise<World> {
  const read = readConfig({ DATABASE_URL: databaseUrl(folder) });
  assert(read.ok);
  return {
    db: await connect(read.config.databaseUrl),
    keys: deriveKeys(read.config.appSecret),
    used: new Map(),
    rounds: new Map(),
    mails: { sent: 0, seconds: 0 },
  };
}

interface Servers {
  bare: BareServer;
  server: BuiltServer;
}

async function measureBoth(act: Act, connections: number, servers: Servers, world: World): Promise<Cell> {
  const figures: { bare: Measured[]; ours: Measured[] } = { bare: [], ours: [] };
  for (let round = 0; round < rounds; round++) {
    const { bare, ours } = await oneRound(act, { connections, seconds }, servers, world);
    figures.bare.push(bare);
    figures.ours.push(ours);
  }
  return cellOf(act.name, connections, figures.bare, figures.ours);
}

async function oneRound(
  act: Act,
  sent: { connections: number; seconds: number },
  servers: Servers,
  world: World,
): Promise<{ bare: Measured; ours: Measured }> {
  const load = { ...sent, method: act.method };
  const bareLoad = { ...load, port: servers.bare.port, requests: [act.bare], over: true };
  const bare = await sendLoad(bareLoad, act.method === 'POST' ? 303 : 200);
  const requests = share(act, await act.requests(world), world);
  const ourLoad = { ...load, port: servers.server.port, requests, over: act.over };
  const ours = await sendLoad(ourLoad, act.expectedStatus);
  world.used.set(act.name, (world.used.get(act.name) ?? 0) + ours.used);
  world.rounds.set(act.name, (world.rounds.get(act.name) ?? 0) + 1);
  // The mails of this round would weigh on the next one of the bare server.
  const { left, seconds: spent } = await drained(world.db);
  world.mails.sent += left;
  world.mails.seconds += spent;
  return { bare, ours };
}

/** What can be asked only once has to last for every level and round, and the one that warms up. */
function share(act: Act, requests: Load['requests'], { rounds: done }: World): Load['requests'] {
  const left = levels.length * rounds + 1 - (done.get(act.name) ?? 0);
  return act.over ? requests : requests.slice(0, Math.ceil(requests.length / left));
}

async function starts(folder: string, count: number): Promise<number[]> {
  const readyMillis: number[] = [];
  for (let start = 0; start < count; start++) {
    const server = await startBuilt(folder, environment);
    readyMillis.push(server.readyMillis);
    await server.stop();
  }
  return readyMillis;
}

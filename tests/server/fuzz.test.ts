/**
 * Damaged requests on raw sockets. Every find is written to `crashes/`, which every run replays first.
 *
 * Longer, with a new seed: FUZZ_REQUESTS=30000 FUZZ_SEED=4711 npm run vitest -- tests/server/fuzz.test.ts
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#src/api/operations.ts';
import { type BuiltServer, ensureBuilt, startBuilt } from '#tests/support/built-server.ts';
import { fuzzRequests } from '#tests/support/fuzz-requests.ts';
import { openRaw, type RawAnswer, sendRaw } from '#tests/support/raw-socket.ts';
import { ask, post } from '#tests/support/requests.ts';

const requests = Number(process.env.FUZZ_REQUESTS ?? 2_000);
const seed = Number(process.env.FUZZ_SEED ?? 20_261_201);
const crashes = join(import.meta.dirname, 'crashes');
const connections = 4;
const everyAnswer = [
  'content-security-policy',
  'x-content-type-options',
  'referrer-policy',
  'permissions-policy',
];

describe(`requests made with the seed ${seed}`, () => {
  let folder: string;
  let server: BuiltServer;
  beforeAll(async () => {
    await ensureBuilt();
    folder = mkdtempSync(join(tmpdir(), 'jawort-fuzz-'));
    server = await startBuilt(folder, { LIMITS: 'off' });
  }, 240_000);
  afterAll(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('that once did harm are answered', async () => {
    const found: string[] = [];
    for (const name of readdirSync(crashes)) {
      const answers = await sendRaw(server, readFileSync(join(crashes, name)));
      if (answers.length === 0 || answers.some((answer) => faultOf(answer))) found.push(name);
    }
    expect(found).toEqual([]);
    await expectWell();
  }, 60_000);

  it('are answered below 500 and with the headers of any page, and the process lives on', async () => {
    const signedIn = await post(server, '/staff/sign-in', {
      email: 'admin@example.org',
      password: 'demo-jawort',
    });
    const session = (signedIn.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ');
    const next = fuzzRequests(seed, {
      paths,
      cookies: [session, `theme=%E4; ${session}`, 'jawort_staff=%', 'x=%'],
    });
    const faults: string[] = [];
    let left = requests;
    await Promise.all(
      Array.from({ length: connections }, async () => {
        let connection = openRaw(server);
        while (left-- > 0) {
          if (!connection.isOpen()) connection = openRaw(server);
          const bytes = next();
          for (const fault of (await connection.send(bytes)).map(faultOf))
            if (fault) keep(bytes, fault, faults);
          if (left % 25 === 0) {
            connection.close();
            connection = openRaw(server);
          }
        }
        connection.close();
      }),
    );
    expect(faults).toEqual([]);
    await expectWell();
  }, 3_600_000);

  function faultOf({ status, headers }: RawAnswer): string | undefined {
    const missing = everyAnswer.filter((name) => !headers[name]);
    return status > 499 || missing.length > 0 ? `${status} ${missing.join(' ')}` : undefined;
  }

  function keep(bytes: Buffer, fault: string, faults: string[]): void {
    faults.push(`${fault}: ${JSON.stringify(bytes.toString('latin1').slice(0, 300))}`);
    if (faults.length <= 20) writeFileSync(join(crashes, `seed-${seed}-${faults.length}.http`), bytes);
  }

  async function expectWell(): Promise<void> {
    expect(process.kill(server.pid, 0)).toBe(true);
    expect((await ask(server, '/healthz')).status).toBe(200);
    const lines = server.output().split('\n');
    const strange = lines.filter(
      (line) => !/^(?:\{.*\}|Jawort is ready: .*|Sign up: .*|Read the mails: .*|)$/.test(line),
    );
    expect(strange).toEqual([]);
    expect(lines.filter((line) => /"level":(?:50|60)/.test(line)).slice(0, 5)).toEqual([]);
  }
});

const pages = readdirSync(join(import.meta.dirname, '../../src/pages'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(?:astro|ts)$/.test(file) && !/(?:^|\/)_/.test(file))
  .map((file) => `/${file.replace(/\.(?:astro|ts)$/, '').replace(/(?:^|\/)index$/, '')}`)
  .flatMap((path) => [
    path.replaceAll(/\[(?:\.\.\.)?\w+\]/g, 'newsletter'),
    path.replaceAll(/\[(?:\.\.\.)?\w+\]/g, '%E4x'),
  ]);

const paths = [
  ...pages,
  ...operations.map(({ path }) => `/api/v1${path.replaceAll(/\{\w+\}/g, 'newsletter')}`),
  ...[
    '/u/x',
    '/f/fair',
    '//',
    '/healthz',
    '/readyz',
    '/metrics',
    '/embed.js',
    '/robots.txt',
    '/_image',
    '/_server-islands/x',
    '*',
    'http://localhost/',
  ],
];

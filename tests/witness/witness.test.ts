/** `jawort witness` over real HTTP, as C2SP tlog-witness says. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signCheckpoint } from '#src/log/checkpoint.ts';
import { readCosignatures, readWitnessKey } from '#src/log/cosignature.ts';
import { consistencyProof, leafHash, nodeHash, rootOf } from '#src/log/merkle-tree.ts';
import { type NoteSigner, verifierOf, verifierText } from '#src/log/signed-note.ts';
import vectors from './conversation.json' with { type: 'json' };

const publicLogKey = verifierText({
  ...verifierOf({ name: vectors.origin, key: generateKeyPairSync('ed25519').privateKey }),
  ...vectorKey(),
});

let folder: string;
let running: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jawort-witness-'));
});
afterEach(async () => {
  await stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const files = () => ['--state', join(folder, 'state.json'), '--key', join(folder, 'witness.pem')];
const root = join(import.meta.dirname, '../..');

function launch(...more: string[]) {
  running = spawn(process.execPath, ['src/cli/jawort.ts', 'witness', ...files(), '--port', '0', ...more], {
    cwd: root,
    env: { PATH: process.env.PATH },
  });
  return running;
}

/** Its address and key, once it listens. */
async function start(...more: string[]): Promise<{ url: string; key: string; logs: string[] }> {
  const child = launch('--host', '127.0.0.1', '--json', ...more);
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  const { port, key, logs } = JSON.parse(line.toString());
  return { url: `http://127.0.0.1:${port}`, key, logs };
}

async function stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
  const child = running;
  running = undefined;
  if (!child || child.exitCode !== null) return child?.exitCode ?? null;
  const ended = once(child, 'exit');
  child.kill(signal);
  return (await ended)[0];
}

async function submit(url: string, body: string) {
  const answer = await fetch(`${url}/add-checkpoint`, { method: 'POST', body });
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
}

const log: NoteSigner = { name: 'log.example', key: generateKeyPairSync('ed25519').privateKey };
const logKey = verifierText(verifierOf(log));

/** A tree over these texts. */
function treeOf(texts: string[]) {
  const read = async (level: number, index: number): Promise<Uint8Array> =>
    level === 0
      ? leafHash(Buffer.from(texts[index] ?? ''))
      : nodeHash(await read(level - 1, index * 2), await read(level - 1, index * 2 + 1));
  return {
    submission: async (older: number, size: number, signer = log) => {
      const proof = await consistencyProof(older, size, read);
      const lines = proof.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('');
      const note = signCheckpoint({ origin: 'log.example', size, root: await rootOf(size, read) }, [signer]);
      return `old ${older}\n${lines}\n${note}`;
    },
  };
}

const honest = treeOf(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
const forked = treeOf(['a', 'b', 'c', 'd', 'other', 'f', 'g', 'h']);

describe('a witness', () => {
  it('answers a public conversation as its specification says', async () => {
    const { url, key } = await start('--log', publicLogKey);
    const verifier = readWitnessKey(key);
    if (!verifier) throw new Error(key);
    for (const { body, status, answer } of vectors.conversation) {
      const given = await submit(url, body);
      expect(given.status, `${body}${given.body}`).toBe(status);
      if (answer) expect(given).toMatchObject({ type: 'text/x.tlog.size', body: answer });
      if (status !== 200) continue;
      const note = body.slice(body.indexOf('\n\n') + 2);
      expect(readCosignatures(note + given.body, [verifier])).toHaveLength(1);
    }
    const hash = createHash('sha256').update(vectors.origin).digest('hex');
    const kept = await (await fetch(`${url}/${hash}/checkpoint`)).text();
    expect(kept.split('\n').slice(0, 2)).toEqual([vectors.origin, '5']);
    expect(readCosignatures(kept, [verifier])).toHaveLength(1);
  }, 30_000);

  it('makes its key for its owner alone, keeps it, and is told to end', async () => {
    const first = await start('--log', logKey, '--name', 'witness.example/w1');
    expect(statSync(join(folder, 'witness.pem')).mode & 0o777).toBe(0o600);
    expect(first.key).toMatch(/^witness\.example\/w1\+/);
    expect(first.logs).toEqual(['log.example']);
    expect(await stop()).toBe(0);
    const second = await start();
    expect(second).toMatchObject({ key: first.key, logs: ['log.example'] });
  }, 30_000);

  it('refuses forks and rollbacks, and still does after kill -9', async () => {
    let { url } = await start('--log', logKey);
    expect((await submit(url, await honest.submission(0, 3))).status).toBe(200);
    expect((await submit(url, await honest.submission(3, 5))).status).toBe(200);
    await stop('SIGKILL');
    ({ url } = await start());
    expect(await submit(url, await honest.submission(3, 4))).toMatchObject({ status: 409, body: '5\n' });
    expect(await submit(url, await honest.submission(0, 4))).toMatchObject({ status: 409, body: '5\n' });
    expect((await submit(url, await forked.submission(5, 8))).status).toBe(422);
    expect((await submit(url, await forked.submission(5, 5))).status).toBe(422);
    expect((await submit(url, await honest.submission(5, 5))).status).toBe(200);
    expect((await submit(url, await honest.submission(5, 7))).status).toBe(200);
  }, 30_000);

  it('cosigns one of two heads that come at the same time for the same size', async () => {
    const { url } = await start('--log', logKey);
    await submit(url, await honest.submission(0, 4));
    const two = [await honest.submission(4, 7), await forked.submission(4, 8)];
    const answers = await Promise.all(two.map((body) => submit(url, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  }, 30_000);

  it.each([
    ['nothing', '', 400],
    ['no checkpoint', 'old 0\n\nHello\n', 400],
    ['a size with a leading zero', 'old 00\n\n', 400],
    ['a hash that is too short', 'old 1\nAAAA\n\n', 400],
    ['more than 63 hashes', `old 1\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}\n`, 400],
    ['a body without end', 'x'.repeat(200_000), 413],
  ])(
    'refuses %s',
    async (_, body, status) => {
      const { url } = await start('--log', logKey);
      const rest = (await honest.submission(0, 3)).slice('old 0\n\n'.length);
      const whole = body.startsWith('old') && !body.includes('Hello') ? body + rest : body;
      expect((await submit(url, whole).catch(() => ({ status: 413 }))).status).toBe(status);
      expect((await fetch(url)).status).toBe(200);
    },
    30_000,
  );

  it('refuses another key, a size below the one named as old, and another log', async () => {
    const { url } = await start('--log', logKey);
    const stranger = { name: 'log.example', key: generateKeyPairSync('ed25519').privateKey };
    expect((await submit(url, await honest.submission(0, 3, stranger))).status).toBe(403);
    const named = (await honest.submission(0, 3)).replace('old 0', 'old 4');
    expect((await submit(url, named)).status).toBe(400);
    const other = (await honest.submission(0, 3)).replaceAll('log.example', 'other.example');
    expect((await submit(url, other)).status).toBe(404);
    expect((await fetch(`${url}/add-checkpoint`)).status).toBe(405);
    const hash = createHash('sha256').update('log.example').digest('hex');
    expect((await fetch(`${url}/${hash}/checkpoint`)).status).toBe(404);
  }, 30_000);

  it('does not start without the state that belongs to its key, nor with one that cannot be read', async () => {
    await start('--log', logKey);
    await stop();
    writeFileSync(join(folder, 'state.json'), '{"name":');
    const [broken] = await once(launch(), 'exit');
    expect(broken).not.toBe(0);
    rmSync(join(folder, 'state.json'));
    const child = launch();
    let said = '';
    child.stderr?.on('data', (text) => {
      said += text;
    });
    const [code] = await once(child, 'exit');
    expect(code).toBe(2);
    expect(said).toContain('would sign two histories');
  }, 30_000);

  it('takes the new key of a log that has replaced its own', async () => {
    let { url } = await start('--log', logKey);
    await submit(url, await honest.submission(0, 3));
    await stop();
    const next = { name: 'log.example', key: generateKeyPairSync('ed25519').privateKey };
    writeFileSync(join(folder, 'keys.txt'), `${verifierText(verifierOf(next))}\n${logKey}\n`);
    ({ url } = await start('--log', join(folder, 'keys.txt')));
    expect((await submit(url, await honest.submission(3, 5, next))).status).toBe(200);
    const state = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));
    expect(state.logs['log.example'].keys).toHaveLength(2);
  }, 30_000);
});

/** The key of the log of the conversation, with the id that its name gives it. */
function vectorKey() {
  const raw = Buffer.from(vectors.log_key, 'hex');
  const key = createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
  });
  const hash = createHash('sha256').update(`${vectors.origin}\n`).update(Buffer.of(1)).update(raw);
  return { key, id: hash.digest().readUInt32BE() };
}

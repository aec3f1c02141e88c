/** The transparency log as outsiders see it, on the built server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openCheckpoint } from '#src/log/checkpoint.ts';
import { rootOf } from '#src/log/merkle-tree.ts';
import { readVerifier } from '#src/log/signed-note.ts';
import { subtreesOf, tilePath, widthAt } from '#src/log/tiles.ts';
import { type BuiltServer, ensureBuilt, runCommand, startBuilt } from '#tests/support/built-server.ts';
import { ask, formVersionOf, post } from '#tests/support/requests.ts';

describe('the log', () => {
  let folder: string;
  let server: BuiltServer;

  beforeAll(async () => {
    await ensureBuilt();
    folder = mkdtempSync(join(tmpdir(), 'jawort-log-'));
    server = await startBuilt(folder, { LIMITS: 'off' });
    const isSigned = async () => expect((await ask(server, '/log/checkpoint')).status).toBe(200);
    await vi.waitFor(isSigned, { timeout: 15_000, interval: 100 });
  }, 240_000);
  afterAll(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  async function head() {
    const keys = (await ask(server, '/.well-known/jawort/keys')).body.trim().split('\n');
    const verifiers = keys.flatMap((key) => readVerifier(key) ?? []);
    const note = (await ask(server, '/log/checkpoint')).body;
    const opened = openCheckpoint(note, verifiers);
    if (opened.outcome !== 'opened') throw new Error(opened.outcome);
    return { ...opened.checkpoint, note };
  }

  async function tileBytes(path: string): Promise<Buffer> {
    const answer = await fetch(`${server.url}/log/tile/${path}`);
    expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
      path,
      200,
      'application/octet-stream',
    ]);
    return Buffer.from(await answer.arrayBuffer());
  }

  it('has a signed head soon after the start, which its tiles lead to', async () => {
    const { size, root } = await head();
    expect(size).toBeGreaterThan(20);
    const read = subtreesOf((place) => tileBytes(tilePath(place, widthAt(place, size))));
    expect(Buffer.from(await rootOf(size, read)).toString('hex')).toBe(Buffer.from(root).toString('hex'));
  });

  it('takes in a signup within seconds, and still begins with what was kept outside', async () => {
    const before = await head();
    const kept = join(folder, 'kept.txt');
    writeFileSync(kept, before.note);
    const form_version = await formVersionOf(server);
    await post(server, '/f/newsletter', {
      email: 'anna@example.org',
      consent: 'product-news:email',
      form_version,
    });
    const status = async () => JSON.parse((await runCommand(folder, 'log', 'status', '--json')).output);
    await vi.waitFor(async () => expect((await status()).entries).toBeGreaterThan(before.size), {
      timeout: 15_000,
      interval: 250,
    });
    expect(await runCommand(folder, 'ledger', 'verify', '--against', kept)).toMatchObject({ code: 0 });
    const url = `${server.url}/log/checkpoint`;
    expect(await runCommand(folder, 'ledger', 'verify', '--against', url)).toMatchObject({ code: 0 });
  });

  it.each([
    '/log/tile/0/999',
    '/log/tile/0/000.p/0',
    '/log/tile/0/000.p/255',
    '/log/tile/0/0',
    '/log/tile/entries/000',
    '/log/tile/',
    '/log/tile/%00',
  ])('has nothing at %s', async (path) => expect((await ask(server, path)).status).toBe(404));

  it('lists the keys of receipts from the start', async () => {
    const answer = await ask(server, '/.well-known/jawort/jwks.json');
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/jwk-set+json' } });
    const { keys } = JSON.parse(answer.body);
    expect(keys).toMatchObject([{ kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA' }]);
    expect(Object.keys(keys[0]).sort()).toEqual(['alg', 'crv', 'iat', 'kid', 'kty', 'use', 'x']);
  });

  it('changes nothing for anybody', async () => {
    const jwks = '/.well-known/jawort/jwks.json';
    for (const path of ['/log/checkpoint', '/.well-known/jawort/keys', jwks, '/log/tile/0/000.p/1']) {
      expect((await ask(server, path, { method: 'POST' })).status).toBe(405);
    }
  });

  it('has a page that a person understands, in each language', async () => {
    const german = await ask(server, '/log', { headers: { 'accept-language': 'de' } });
    expect(german).toMatchObject({ status: 200, body: expect.stringContaining('Transparenz-Protokoll') });
    const english = await ask(server, '/log', { headers: { 'accept-language': 'en' } });
    expect(english).toMatchObject({ status: 200, body: expect.stringContaining('Transparency log') });
    expect(english.headers['set-cookie']).toBeUndefined();
  });
});

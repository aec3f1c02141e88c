/** Checkpoints go to witnesses over real HTTP; what they answer is checked and kept. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '#src/app/config.ts';
import { catchUp } from '#src/log/catch-up.ts';
import { readCosignatures } from '#src/log/cosignature.ts';
import { cosignedNote } from '#src/log/cosigned-note.ts';
import { newestCheckpoint } from '#src/log/log-status.ts';
import { makeCheckpoint } from '#src/log/make-checkpoint.ts';
import { sendToWitnesses } from '#src/log/send-to-witnesses.ts';
import { cosignatureType, verifierOf, verifierText } from '#src/log/signed-note.ts';
import type { WitnessStore } from '#src/witness/add-checkpoint.ts';
import { witnessServer } from '#src/witness/serve-witness.ts';
import { openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const log = { name: 'log.example', key: generateKeyPairSync('ed25519').privateKey };
const signer = { name: 'witness.example', key: generateKeyPairSync('ed25519').privateKey };
const verifier = verifierOf(signer, cosignatureType);
const key = verifierText(verifier, cosignatureType);

describe.each(databases)('checkpoints and their witnesses on %s', (name) => {
  let test: TestApp;
  let servers: Server[];
  beforeEach(async () => {
    servers = [];
    test = await openTestApp(name);
    await checkpoint();
  });
  afterEach(async () => {
    for (const server of servers) server.close().closeAllConnections();
    await test.close();
  });

  let people = 0;
  async function checkpoint(): Promise<number> {
    people += 1;
    await signUp(test.app, `reader${people}@example.org`, ['product-news:email']);
    await catchUp(test.app);
    return Number((await makeCheckpoint(test.app.db, log, test.app.now().toISOString()))?.size);
  }

  async function listening(server: Server): Promise<string> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  async function witness(): Promise<{ url: string; store: WitnessStore }> {
    const known = { keys: [verifierText(verifierOf(log))], size: 0, root: '', note: '' };
    const store: WitnessStore = {
      state: { name: signer.name, logs: { 'log.example': known } },
      save: () => undefined,
    };
    return { url: await listening(witnessServer(store, signer, '')), store };
  }

  const answering = (status: number, body: string, type = 'text/plain') =>
    listening(
      createServer((request, response) => {
        request.resume();
        response.writeHead(status, { 'Content-Type': type }).end(body);
      }),
    );

  const send = (...witnesses: Config['witnesses']) =>
    sendToWitnesses({ ...test.app, config: { ...test.app.config, witnesses } }, new AbortController().signal);
  const watcher = () => test.app.db.selectFrom('log_watchers').selectAll().executeTakeFirst();
  const newest = async () => {
    const checkpoint = await newestCheckpoint(test.app.db);
    if (!checkpoint) throw new Error('no checkpoint');
    return cosignedNote(test.app.db, checkpoint);
  };

  it('are cosigned one after the other, each once', async () => {
    const { url, store } = await witness();
    expect(await send({ key, url })).toEqual({ cosigned: 1 });
    expect(await send({ key, url })).toEqual({ cosigned: 0 });
    const size = await checkpoint();
    expect(await send({ key, url })).toEqual({ cosigned: 1 });
    expect(readCosignatures(await newest(), [verifier])).toHaveLength(1);
    expect(store.state.logs['log.example']?.size).toBe(size);
    expect(await watcher()).toMatchObject({
      name: 'witness witness.example',
      failing_since: null,
      problem: null,
    });
    expect(Number((await watcher())?.size)).toBe(size);
  });

  it('go on where the witness is, whatever we remember of it', async () => {
    const { url } = await witness();
    await send({ key, url });
    await test.app.db.deleteFrom('log_watchers').execute();
    await checkpoint();
    expect(await send({ key, url })).toEqual({ cosigned: 1 });
    await test.app.db.updateTable('log_watchers').set({ size: 1 }).execute();
    await checkpoint();
    expect(await send({ key, url })).toEqual({ cosigned: 1 });
  });

  it('wait for no witness that is down, and reach the others', async () => {
    const { url } = await witness();
    const gone = verifierText(
      verifierOf({ ...signer, name: 'gone.example' }, cosignatureType),
      cosignatureType,
    );
    expect(await send({ key: gone, url: 'http://127.0.0.1:9/' }, { key, url })).toEqual({ cosigned: 1 });
    const failing = await test.app.db
      .selectFrom('log_watchers')
      .selectAll()
      .where('problem', 'is not', null)
      .execute();
    expect(failing).toMatchObject([
      {
        name: 'witness gone.example',
        problem: 'It cannot be reached.',
        failing_since: '2026-11-02T09:00:00.000Z',
      },
    ]);
  });

  it('name the entries that are lost when the witness has seen more than the log has', async () => {
    const { url, store } = await witness();
    await send({ key, url });
    const known = store.state.logs['log.example'];
    if (known) known.size = 1000;
    const size = await checkpoint();
    expect(await send({ key, url })).toEqual({ cosigned: 0 });
    expect((await watcher())?.problem).toContain(`the entries ${size} to 999 are lost`);
  });

  it('tell since when a witness fails, and forget it once it answers', async () => {
    const { url } = await witness();
    await send({ key, url: 'http://127.0.0.1:9/' });
    test.pass({ hours: 1 });
    await send({ key, url: await answering(500, 'Ouch') });
    expect(await watcher()).toMatchObject({
      failing_since: '2026-11-02T09:00:00.000Z',
      problem: 'It answered with status 500.',
    });
    await send({ key, url });
    expect(await watcher()).toMatchObject({
      failing_since: null,
      problem: null,
      good_at: '2026-11-02T10:00:00.000Z',
    });
  });

  const nonsense: [string, number, string, string?][] = [
    ['words', 200, 'Hello\n'],
    ['nothing', 200, ''],
    ['a line of another key', 200, `— other.example ${Buffer.alloc(76, 1).toString('base64')}\n`],
    ['a signature that does not fit', 200, `— witness.example ${idAnd(Buffer.alloc(72, 1))}\n`],
    ['more than it was asked for', 200, 'x'.repeat(500_000)],
    ['a size without its type', 409, '3\n'],
    ['a size that is none', 409, 'three\n', 'text/x.tlog.size'],
    ['the same size each time', 409, '0\n', 'text/x.tlog.size'],
    ['that it does not know the log', 404, ''],
    ['that it is a fork', 422, ''],
    ['another address', 302, ''],
  ];
  it.each(nonsense)('keep nothing of a witness that answers %s', async (_, status, body, type) => {
    expect(await send({ key, url: await answering(status, body, type) })).toEqual({ cosigned: 0 });
    expect(await test.app.db.selectFrom('log_cosignatures').selectAll().execute()).toEqual([]);
    expect((await watcher())?.problem).toMatch(/^It/);
  });

  it('are never without their cosignatures again', async () => {
    const { url } = await witness();
    await send({ key, url });
    const { db } = test.app;
    await expect(db.updateTable('log_cosignatures').set({ at: 'x' }).execute()).rejects.toThrow(
      'append-only',
    );
    await expect(db.deleteFrom('log_cosignatures').execute()).rejects.toThrow('append-only');
  });
});

/** The id of the witness, and these bytes in place of time and signature. */
function idAnd(rest: Buffer): string {
  const id = Buffer.alloc(4);
  id.writeUInt32BE(verifier.id);
  return Buffer.concat([id, rest]).toString('base64');
}

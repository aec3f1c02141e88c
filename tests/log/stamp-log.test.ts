/** Heads of the log are stamped by a real service (`openssl ts`); what is wrong with an answer is found, and it is not kept. */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { catchUp } from '#src/log/catch-up.ts';
import { findStampOf } from '#src/log/find-stamp.ts';
import { newestCheckpoint } from '#src/log/log-status.ts';
import { makeCheckpoint } from '#src/log/make-checkpoint.ts';
import { readStamp } from '#src/log/read-stamp.ts';
import { stampLog } from '#src/log/stamp-log.ts';
import { verifyStamp } from '#src/log/verify-stamp.ts';
import { openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { startTimeStamps, type TimeStamps } from '#tests/support/time-stamps.ts';

const log = { name: 'log.example', key: generateKeyPairSync('ed25519').privateKey };
const folder = mkdtempSync(join(tmpdir(), 'jawort-stamps-'));
let service: TimeStamps;
let elliptic: TimeStamps;
let stranger: TimeStamps;

beforeAll(async () => {
  service = await startTimeStamps(join(folder, 'rsa'));
  elliptic = await startTimeStamps(join(folder, 'ec'), { key: 'ec' });
  stranger = await startTimeStamps(join(folder, 'stranger'), { key: 'ec' });
}, 60_000);
afterAll(async () => {
  await Promise.all([service, elliptic, stranger].map((one) => one.close()));
  rmSync(folder, { recursive: true, force: true });
});
const right: TimeStamps['answer'] = (_query, answer) => answer();
afterEach(() => {
  service.answer = right;
});

describe.each(databases)('time stamps of the log on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
    await checkpoint();
  });
  afterEach(() => test.close());

  let people = 0;
  async function checkpoint(): Promise<number> {
    people += 1;
    await signUp(test.app, `reader${people}@example.org`, ['product-news:email']);
    await catchUp(test.app);
    return Number((await makeCheckpoint(test.app.db, log, test.app.now().toISOString()))?.size);
  }
  function stamp({ url, roots } = service) {
    const stamps = { url, rootsFile: roots, everyMinutes: 60 };
    const app = { ...test.app, config: { ...test.app.config, stamps } };
    return stampLog(app, new AbortController().signal);
  }
  const kept = () => test.app.db.selectFrom('log_stamps').selectAll().orderBy('size').execute();
  const watcher = () => test.app.db.selectFrom('log_watchers').selectAll().executeTakeFirst();
  const noteNow = async () => (await newestCheckpoint(test.app.db))?.note ?? '';

  it.each([
    ['RSA', () => service],
    ['an elliptic curve', () => elliptic],
  ])('are checked and kept whole, signed with %s, and openssl verifies them', async (_, from) => {
    expect(await stamp(from())).toEqual({ stamped: 1 });
    const [stored] = await kept();
    const tsr = Buffer.from(stored?.tsr ?? '', 'base64');
    expect(Math.abs(Date.parse(stored?.at ?? '') - Date.now())).toBeLessThan(60_000);
    const [data, answer] = [join(folder, 'note'), join(folder, 'tsr')];
    writeFileSync(data, await noteNow());
    writeFileSync(answer, tsr);
    const said = execFileSync(
      'openssl',
      ['ts', '-verify', '-data', data, '-in', answer, '-CAfile', from().roots],
      {
        stdio: 'pipe',
      },
    );
    expect(said.toString()).toContain('Verification: OK');
    const found = await findStampOf(test.app.db, 3);
    expect(found).toMatchObject({ size: Number(stored?.size), note: await noteNow() });
    expect(found?.tsr.equals(tsr)).toBe(true);
    expect(await watcher()).toMatchObject({ name: 'stamp', failing_since: null, problem: null });
  });

  it('come once an hour, and only when the log has grown', async () => {
    expect(await stamp()).toEqual({ stamped: 1 });
    const size = await checkpoint();
    test.pass({ minutes: 59 });
    expect(await stamp()).toEqual({ stamped: 0 });
    test.pass({ minutes: 1 });
    expect(await stamp()).toEqual({ stamped: 1 });
    test.pass({ hours: 5 });
    expect(await stamp()).toEqual({ stamped: 0 });
    expect((await kept()).map((one) => Number(one.size))).toContain(size);
  });

  it('show the time of the service, whatever our clock says', async () => {
    test.pass({ days: -1 });
    await stamp();
    const [stored] = await kept();
    expect(stored?.at.slice(0, 10)).toBe(new Date().toISOString().slice(0, 10));
    await checkpoint();
    test.pass({ days: -1 });
    expect(await stamp()).toEqual({ stamped: 1 });
  });

  const wrong: [string, TimeStamps['answer'], RegExp][] = [
    ['an error', () => ({ status: 500, body: Buffer.from('Ouch') }), /status 500/],
    ['words', () => Buffer.from('Hello'), /is no good/],
    ['nothing', () => Buffer.alloc(0), /is no good/],
    ['half an answer', (_, answer) => answer().subarray(0, 900), /is no good/],
    ['a refusal', () => Buffer.from('30053003020102', 'hex'), /refused to stamp/],
    ['a stamp of something else', (query) => service.reply(otherData(query)), /stamps something else/],
    ['a stamp to another question', (query) => service.reply(otherNonce(query)), /nonce differs/],
    ['a stamp that was changed', (_, answer) => flipped(answer(), -20), /does not fit/],
    ['a time that was changed', (_, answer) => laterTime(answer()), /statement was changed/],
    ['a stamp of a stranger', (query) => stranger.reply(query), /TSA_ROOTS/],
    ['more than it was asked for', () => Buffer.alloc(500_000, 48), /too long/],
  ];
  it.each(wrong)(
    'are not kept of a service that answers %s, and the failure is told',
    async (_, answer, problem) => {
      service.answer = answer;
      expect(await stamp()).toEqual({ stamped: 0 });
      expect(await kept()).toEqual([]);
      expect(await watcher()).toMatchObject({
        name: 'stamp',
        problem: expect.stringMatching(problem),
        failing_since: expect.any(String),
      });
      service.answer = right;
      expect(await stamp()).toEqual({ stamped: 1 });
      expect(await watcher()).toMatchObject({ failing_since: null, problem: null });
    },
  );

  it.each(['timeStamping', 'critical,serverAuth', 'critical,timeStamping,serverAuth'])(
    'are not kept from a certificate of the right root for %s',
    async (usage) => {
      service.answer = (_, answer) => signedAnew(join(folder, 'rsa'), answer, usage);
      expect(await stamp()).toEqual({ stamped: 0 });
      expect((await watcher())?.problem).toBe('Its certificate is not one for time stamps.');
      service.answer = (_, answer) => signedAnew(join(folder, 'rsa'), answer, 'critical,timeStamping');
      expect(await stamp()).toEqual({ stamped: 1 });
    },
  );

  it('hold nothing up while the service is down or the roots cannot be read', async () => {
    expect(await stamp({ ...service, url: 'http://127.0.0.1:9/' })).toEqual({ stamped: 0 });
    expect((await watcher())?.problem).toBe('It cannot be reached.');
    expect(await stamp({ ...service, roots: join(folder, 'none.pem') })).toEqual({ stamped: 0 });
    expect((await watcher())?.problem).toContain('cannot be read');
  });

  it('are checked by the code of a dossier, with any other data refused', async () => {
    await stamp();
    const [stored] = await kept();
    const tsr = new Uint8Array(Buffer.from(stored?.tsr ?? '', 'base64'));
    const data = (text: string) => new Uint8Array(Buffer.from(text));
    const note = await noteNow();
    expect(await verifyStamp(tsr, data(note))).toMatchObject({
      outcome: 'genuine',
      at: new Date(stored?.at ?? ''),
    });
    expect(await verifyStamp(tsr, data(`${note} `))).toMatchObject({ outcome: 'not_genuine' });
    // Whatever byte is changed, it is never genuine with another time or another imprint.
    for (let at = 0; at < tsr.length; at += 7) {
      const changed = new Uint8Array(flipped(Buffer.from(tsr), at));
      const verified = await verifyStamp(changed, data(note));
      if (verified.outcome === 'genuine') expect(verified.at.toISOString()).toBe(stored?.at);
    }
  });
});

/** The same statement, signed with a certificate for another use: `openssl ts` itself refuses to do that. */
function signedAnew(dir: string, answer: () => Buffer, usage: string): Buffer {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  writeFileSync(join(dir, 'other.ext'), `basicConstraints=CA:FALSE\nextendedKeyUsage=${usage}\n`);
  const issue = [
    '-CA',
    'root.pem',
    '-CAkey',
    'root.key',
    '-CAcreateserial',
    '-days',
    '1',
    '-extfile',
    'other.ext',
  ];
  openssl('x509', '-req', '-in', 'tsa.csr', '-out', 'other.pem', ...issue);
  // Stamped after the certificate begins.
  writeFileSync(join(dir, 'statement'), readStamp(new Uint8Array(answer())).statement);
  const content = ['-binary', '-nodetach', '-econtent_type', '1.2.840.113549.1.9.16.1.4', '-in', 'statement'];
  openssl(
    'cms',
    '-sign',
    ...content,
    '-md',
    'sha256',
    '-signer',
    'other.pem',
    '-inkey',
    'tsa.key',
    '-outform',
    'DER',
    '-out',
    'token',
  );
  const body = Buffer.concat([Buffer.from('3003020100', 'hex'), readFileSync(join(dir, 'token'))]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length);
  return Buffer.concat([Buffer.from('3082', 'hex'), length, body]);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  const index = at < 0 ? changed.length + at : at;
  changed[index] = (changed[index] ?? 0) ^ 1;
  return changed;
}

/** The hash that is asked for lies behind its 20 bytes of header. */
function otherData(query: Buffer): Buffer {
  return flipped(query, query.indexOf(Buffer.from('0420', 'hex')) + 5);
}

function otherNonce(query: Buffer): Buffer {
  return flipped(query, query.lastIndexOf(Buffer.from('0209', 'hex')) + 5);
}

function laterTime(answer: Buffer): Buffer {
  const text = answer
    .toString('latin1')
    .replace(/(20\d{10})(\d)(\dZ)/, (_, start, ten, rest) => `${start}${(Number(ten) + 1) % 6}${rest}`);
  return Buffer.from(text, 'latin1');
}

/** Heads of requests that no client should send: refused with the headers of any page, and nobody else notices. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltServer, ensureBuilt, startBuilt } from '#tests/support/built-server.ts';
import { openRaw, type RawAnswer, sendRaw } from '#tests/support/raw-socket.ts';
import { ask } from '#tests/support/requests.ts';

const everyPage = [
  'content-security-policy',
  'x-content-type-options',
  'referrer-policy',
  'cross-origin-opener-policy',
  'permissions-policy',
  'cache-control',
  'x-frame-options',
];

const secret = 'x0123456789-secret-token-of-somebody-0123456789';

describe('a malformed head', () => {
  let folder: string;
  let server: BuiltServer;

  beforeAll(async () => {
    await ensureBuilt();
    folder = mkdtempSync(join(tmpdir(), 'jawort-heads-'));
    server = await startBuilt(folder);
  }, 240_000);
  afterAll(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const hosts = [
    'a b',
    '',
    '1.2.3.999',
    'x:99999',
    'a%zz',
    'u:p@h',
    '@h',
    'h/x',
    'h?x',
    'h#x',
    'h\\x',
    'h\tx',
    '[::1',
    '\xe4',
  ];
  const targets = [
    '//',
    '/',
    `/confirm/${secret}`,
    '/f/newsletter',
    '/staff',
    '/api/v1/decisions',
    '/healthz',
    '/metrics',
    '/embed.js',
  ];

  it.each(hosts)('with the Host "%s" is 400 at every address', async (host) => {
    for (const target of targets) {
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const head = `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\n\r\n`;
        expectRefusal(await sendRaw(server, head), 400, head);
      }
    }
    await expectAlive();
  });

  it.each([
    [400, 'GET / HTTP/1.1\r\n\r\n'],
    [400, 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n'],
    [400, 'GET http://evil.example/staff HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    [400, 'GET http://u:p@localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    [400, 'GET ftp://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    [400, 'GET f/newsletter HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    [400, 'GET * HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    [400, '\x16\x03\x01\x00\xa5\r\n\r\n'],
    [400, 'GET /\r\n\r\n'],
    [400, 'FETCH / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    [400, 'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n'],
    [400, 'GET / HTTP/1.1\r\nHost: localhost\r\nX y: z\r\n\r\n'],
    [400, 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n'],
    [400, 'POST /f/newsletter HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n'],
    [400, 'POST /f/newsletter HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n'],
    [400, 'POST /f/newsletter HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    [
      400,
      'POST /f/newsletter HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
    ],
    [
      400,
      'POST /f/newsletter HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    ],
    [400, 'POST /f/newsletter HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    [405, 'CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    [405, `TRACE /confirm/${secret} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
    [405, 'PROPFIND / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    [417, 'POST /f/newsletter HTTP/1.1\r\nHost: localhost\r\nExpect: magic\r\nContent-Length: 0\r\n\r\n'],
    [431, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`],
  ])('is %i: %j', async (status, head) => {
    expectRefusal(await sendRaw(server, head), status, head);
    await expectAlive();
  });

  it('that asks for another protocol is answered in this one', async () => {
    const upgrade =
      'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    expect((await sendRaw(server, upgrade)).map(({ status }) => status)).toEqual([200]);
  });

  it('is not what an old or an absolute one is', async () => {
    const old = await sendRaw(server, 'GET /f/newsletter HTTP/1.0\r\n\r\n');
    const absolute = await sendRaw(
      server,
      'GET http://LOCALHOST/f/newsletter?lang=en HTTP/1.1\r\nHost: localhost:80\r\n\r\n',
    );
    expect([...old, ...absolute].map(({ status }) => status)).toEqual([200, 200]);
  });

  it('leaves the answer before it on the same connection whole', async () => {
    const connection = openRaw(server);
    const first = await connection.send(Buffer.from('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    const second = await connection.send(Buffer.from('POST // HTTP/1.1\r\nHost: a b\r\n\r\n'));
    connection.close();
    expect([...first, ...second].map(({ status }) => status)).toEqual([200, 400]);
  });

  it('prints nothing of the request past the log', async () => {
    await sendRaw(server, `GET /confirm/${secret} HTTP/1.1\r\nHost: u:p@h\r\n\r\n`);
    await sendRaw(server, `GET /confirm/${secret}%E4 HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const lines = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    for (const line of lines) expect(() => JSON.parse(line), line).not.toThrow();
    expect(server.output()).not.toContain(secret);
    expect(server.output()).not.toMatch(/^ {4}at |"level":(50|60)/m);
  });

  it('has no address among what Astro answers beside our pages', async () => {
    const paths = [
      '/_image',
      '/_image?href=/favicon.svg&w=1',
      '/_server-islands/X',
      '/_server-islands/X?e=1&p=2&s=3',
      '/_actions/x',
      '/_astro',
      '/_astro/x.css',
      '/_x',
      '/500',
      '/404',
    ];
    for (const path of paths) {
      for (const method of ['GET', 'HEAD', 'POST']) {
        const headers = { 'Content-Type': 'application/json' };
        const { status } = await ask(server, path, {
          method,
          ...(method === 'POST' && { headers, body: '{}' }),
        });
        expect([method, path, status]).toEqual([method, path, 404]);
      }
    }
  });

  function expectRefusal(answers: RawAnswer[], status: number, head: string): void {
    expect([head, answers.map((answer) => answer.status)]).toEqual([head, [status]]);
    for (const name of everyPage) expect(answers[0]?.headers[name], `${name} for ${head}`).toBeTruthy();
  }

  async function expectAlive(): Promise<void> {
    expect((await ask(server, '/healthz')).status).toBe(200);
    expect(process.kill(server.pid, 0)).toBe(true);
  }
});

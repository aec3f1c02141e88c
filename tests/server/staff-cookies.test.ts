/** The cookie of the desks among those that other programs on the same host have set. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltServer, ensureBuilt, startBuilt } from '#tests/support/built-server.ts';
import { ask } from '#tests/support/requests.ts';

describe('a cookie at the desks', () => {
  let folder: string;
  let server: BuiltServer;
  let session: string;

  beforeAll(async () => {
    await ensureBuilt();
    folder = mkdtempSync(join(tmpdir(), 'jawort-cookies-'));
    server = await startBuilt(folder, { LIMITS: 'off' });
    const signedIn = await signIn();
    session = signedIn.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect(session).toMatch(/^jawort_staff=\w+$/);
  }, 240_000);
  afterAll(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const foreign = [
    'theme=%E4',
    'x=%',
    '%=x',
    '%E4',
    'a=b=%zz',
    '=',
    '__proto__=1',
    'jawort_staff_x=%',
    'y=%%%%',
  ];

  it.each(foreign)('of another program (%s) changes nothing, before ours and after it', async (other) => {
    for (const Cookie of [`${other}; ${session}`, `${session}; ${other}`, `${other};${session};${other}`]) {
      const headers = { Cookie };
      const pages = await Promise.all([
        ask(server, '/staff', { headers }),
        ask(server, '/staff/texts', { headers }),
        ask(server, '/staff/sign-in', { headers }),
        ask(server, '/staff/forms/new', { method: 'POST', headers: { ...headers, ...form }, body: 'key=' }),
      ]);
      expect(pages.map(({ status }) => status)).toEqual([200, 200, 303, 422]);
      expect((await signIn(headers)).status).toBe(303);
    }
    expect((await ask(server, '/staff/sign-in', { headers: { Cookie: other } })).status).toBe(200);
  });

  it.each(['%E4', '%', '', 'a%20b', '"', 'x'.repeat(101), '\u00e4', 'unknown'])(
    'of ours that is broken (%s) is signed out',
    async (value) => {
      const headers = { Cookie: `jawort_staff=${value}` };
      for (const path of ['/staff/account', '/staff/forms/new', '/staff/code']) {
        for (const method of ['GET', 'POST']) {
          const { status, headers: sent } = await ask(server, path, { method, headers });
          expect([path, method, status]).toEqual([path, method, 303]);
          expect(sent.location).toMatch(/^\/staff\/sign-in/);
        }
      }
      expect((await ask(server, '/staff/sign-in', { headers })).status).toBe(200);
      expect((await signIn(headers)).status).toBe(303);
    },
  );

  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

  function signIn(headers: Record<string, string> = {}) {
    const body = 'email=admin%40example.org&password=demo-jawort';
    return ask(server, '/staff/sign-in', { method: 'POST', headers: { ...form, ...headers }, body });
  }
});

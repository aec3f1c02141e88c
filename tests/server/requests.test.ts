/** What reaches the built server over HTTP, well-formed or not, and what it writes down about it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Db } from '#db/connect.ts';
import { type BuiltServer, databaseUrl, ensureBuilt, startBuilt } from '#tests/support/built-server.ts';
import { mailsTo, type ReadMail } from '#tests/support/mailbox.ts';
import { ask, formVersionOf, post } from '#tests/support/requests.ts';
import { holdsSecret } from '#tests/support/secrets.ts';

const alice = 'alice.secret@example.org';

describe('the built server', () => {
  let folder: string;
  let server: BuiltServer;
  let db: Db;
  let hanging: Promise<number>;

  beforeAll(async () => {
    await ensureBuilt();
    folder = mkdtempSync(join(tmpdir(), 'jawort-requests-'));
    server = await startBuilt(folder, { LIMITS: 'off', LOG_LEVEL: 'debug' });
    db = await connect(databaseUrl(folder));
    hanging = secondsUntilClosed(server.port);
  }, 240_000);
  afterAll(async () => {
    await db.destroy();
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps addresses, links and codes out of its log', async () => {
    const secrets = await walkThrough();
    await post(server, '/f/newsletter', { email: `${alice} typed wrong`, consent: 'nonsense' });
    await ask(server, `/confirm/${secrets.confirm}?email=${alice}`);
    await ask(server, `/p/${secrets.manage}%E0%A4%A`);
    await ask(server, `/f/newsletter?source=${alice}&broken=%E0%A4%A`);
    expect(Object.values(secrets).every((secret) => secret.length >= 6)).toBe(true);
    const lines = server.output().split('\n').filter(isLogged);
    expect(lines.some((line) => line.includes('mail.sent'))).toBe(true);
    for (const line of lines) {
      expect(() => JSON.parse(line), line).not.toThrow();
      for (const [what, secret] of Object.entries(secrets)) {
        expect(holdsSecret(line, secret), `${what} in ${line}`).toBe(false);
      }
    }
  }, 60_000);

  it('lets browsers keep its style sheets for ever', async () => {
    const { body } = await ask(server, '/f/newsletter');
    const sheet = /href="(\/_astro\/[^"]+\.css)"/.exec(body)?.[1] ?? '';
    const { status, headers } = await ask(server, sheet);
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('does not read more than a form can be', async () => {
    const email = 'x'.repeat(1_200_000);
    for (const path of ['/f/newsletter', '/preferences', `/confirm/${'x'.repeat(43)}`]) {
      expect([path, (await post(server, path, { email })).status]).toEqual([path, 413]);
    }
    const endless = { email: 'x'.repeat(18_500_000) };
    expect((await post(server, '/f/newsletter', endless)).status).toBe(413);
    expect((await ask(server, '/healthz')).status).toBe(200);
    expect(await linesAbout('http.failed')).toEqual([]);
  });

  it('answers broken percent-encoding with a page of its own', async () => {
    const broken = [
      '/%',
      '/f/%E0%A4%A',
      '/confirm/%C3%28',
      '/p/%00',
      '/u/%ff%fe',
      '/f/newsletter?source=%E0%A4%A',
    ];
    for (const path of broken) {
      const { status, body } = await ask(server, path);
      expect([path, status < 500, /<html lang|^\s*$/.test(body)]).toEqual([path, true, true]);
    }
    expect(await linesAbout('http.failed')).toEqual([]);
  });

  it('answers broken percent-encoding in a body with 400', async () => {
    for (const body of ['email=%E0%A4%A', 'email=%ff', '%=1']) {
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const { status } = await ask(server, '/f/newsletter', { method: 'POST', headers, body });
      expect([body, status]).toEqual([body, 400]);
    }
  });

  it('does not act by another way than the address of the act', async () => {
    const fields = { email: 'odd@example.org', consent: 'product-news:email' };
    const answers = [];
    for (const path of ['//f/newsletter', '/f/./newsletter', '/%66/newsletter', '/F/newsletter']) {
      answers.push([path, (await post(server, path, fields)).status]);
    }
    expect(answers).toEqual([
      ['//f/newsletter', 404],
      ['/f/./newsletter', 422],
      ['/%66/newsletter', 404],
      ['/F/newsletter', 404],
    ]);
  });

  it('changes nothing when it is only looked at', async () => {
    const { confirm, manage, unsubscribe } = await walkThrough('looked.at@example.org');
    const before = await everything();
    const paths = [
      `/confirm/${confirm}`,
      `/p/${manage}`,
      `/u/${unsubscribe}`,
      '/f/newsletter',
      '/preferences',
    ];
    for (const path of paths) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        const { status, body } = await ask(server, path, { method });
        expect([method, path, status < 400, method === 'GET' || body === '']).toEqual([
          method,
          path,
          true,
          true,
        ]);
      }
    }
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      expect((await ask(server, `/u/${unsubscribe}`, { method })).status).toBe(405);
    }
    expect(await everything()).toEqual(before);
  }, 60_000);

  it('leads from the demo to everything there is, and to every desk by a button', async () => {
    const { body } = await ask(server, '/demo?lang=de');
    const doors = [...body.matchAll(/<a href="(\/[^"#]*)"/g)].map(([, href = '']) =>
      href.replaceAll('&#38;', '&'),
    );
    for (const door of [
      '/f/fair',
      '/demo/mailbox',
      '/staff/texts',
      '/api/v1/docs',
      '/demo/screens',
      '/metrics',
    ]) {
      expect(doors.map((href) => href.split('?')[0])).toContain(door);
    }
    for (const door of doors) {
      const { status, headers } = await ask(server, door);
      const behindSignIn = status === 303 && headers.location?.startsWith('/staff/sign-in?to=%2Fstaff%2F');
      expect([door, status === 200 || behindSignIn]).toEqual([door, true]);
    }
    const members = [
      ...body.matchAll(/name="email" value="([^"]+)"\s*>\s*<input[^>]*name="password" value="([^"]+)"/g),
    ];
    expect(members).toHaveLength(6);
    for (const [, email = '', password = ''] of members) {
      const { status, headers } = await post(server, '/staff/sign-in?lang=de', { email, password });
      expect([email, status, headers.location]).toEqual([email, 303, '/staff']);
    }
  }, 60_000);

  it('counts pages, calls of the API and files by what they are', async () => {
    await ask(server, '/f/newsletter?source=spring');
    await ask(server, '/api/v1/forms/newsletter');
    await ask(server, '/nobody/has/this');
    const { body } = await ask(server, '/metrics');
    for (const route of ['/f/[form]', '/api/v1/forms/{form}', '/[...path]']) {
      expect(body).toContain(`jawort_http_request_duration_seconds_count{method="GET",route="${route}"`);
    }
    const requests = body.split('\n').filter((line) => line.includes('jawort_http_'));
    expect(requests.join('\n')).not.toMatch(/newsletter|spring|nobody/);
    // Another metric may name a form, and nothing that a visitor sent.
    expect(body).not.toMatch(/spring|nobody/);
  });

  it('does not wait for ever for the head of a request', async () => {
    expect(await hanging).toBeLessThan(30);
  }, 60_000);

  /** Signs up, confirms and asks for a link; returns everything that nobody may read in a log. */
  async function walkThrough(email = alice) {
    const form_version = await formVersionOf(server);
    const consent = ['product-news:email', 'event-invitations:email'];
    const sent = await post(server, '/f/newsletter', { email, consent, form_version });
    const first = await mailOf(email, 'confirm-signup');
    const confirm = lastPart(first.links.confirm);
    await post(server, `/confirm/${confirm}`, { action: 'confirm' });
    const second = await mailOf(email, 'permissions-changed');
    await post(server, '/preferences', { email });
    return {
      email,
      confirm,
      manage: lastPart(second.links.manage),
      unsubscribe: lastPart(second.links.unsubscribe),
      handle: new URL(sent.headers.location ?? '', server.url).searchParams.get('s') ?? '',
      code: first.code ?? '',
    };
  }

  async function mailOf(email: string, kind: string): Promise<ReadMail> {
    for (;;) {
      const mail = (await mailsTo(join(folder, 'mail'), email)).find((one) => one.kind === kind);
      if (mail) return mail;
      await wait(50);
    }
  }

  async function linesAbout(event: string): Promise<string[]> {
    return server
      .output()
      .split('\n')
      .filter((line) => line.includes(event));
  }

  /** What a page could have changed. */
  async function everything() {
    return {
      signups: await db.selectFrom('signups').selectAll().orderBy('id').execute(),
      permissions: await db.selectFrom('permissions').selectAll().orderBy('id').execute(),
      events: await db.selectFrom('events').select('id').orderBy('id').execute(),
      mails: await db.selectFrom('mails').select(['id', 'kind']).where('kind', '<>', 'manage-link').execute(),
    };
  }
});

function lastPart(path = ''): string {
  return path.split('/').at(-1) ?? '';
}

/** Below the banner for whoever starts it by hand, every line is a log line. */
function isLogged(line: string): boolean {
  return line !== '' && !/^(Jawort is ready|Sign up|Read the mails|Staff)\b/.test(line);
}

/** Begins a request and never ends its head. */
function secondsUntilClosed(port: number): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const socket = connectSocket({ port, host: '127.0.0.1' }, () =>
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n'),
    );
    socket.resume();
    socket.on('error', () => undefined);
    socket.once('close', () => resolve((performance.now() - startedAt) / 1000));
  });
}

/** A text that legal has stopped is asked for at no door: page, frame, kiosk, headless form, JSON, sheet of paper. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '#src/app/config.ts';
import { stopText } from '#src/forms/stop-text.ts';
import { openApp } from '#src/server/open-app.ts';
import { type BuiltServer, databaseUrl, ensureBuilt, startBuilt } from '#tests/support/built-server.ts';
import { mailsIn } from '#tests/support/mailbox.ts';
import { ask, formVersionOf, post } from '#tests/support/requests.ts';

const news = 'product-news:email';
const words = 'ihren Newsletter mit Werbung';
const pages = ['/f/newsletter', '/f/newsletter?embed=1', '/f/newsletter?kiosk=1', '/f/newsletter?lang=de'];

describe('a text that was stopped at the desk', () => {
  let folder: string;
  let server: BuiltServer;
  let cookie: string;
  let seenBefore: string;

  beforeAll(async () => {
    await ensureBuilt();
    folder = mkdtempSync(join(tmpdir(), 'jawort-stopped-text-'));
    server = await startBuilt(folder, { LIMITS: 'off' });
    seenBefore = await formVersionOf(server);
    const signedIn = await post(server, '/staff/sign-in', {
      email: 'legal@example.org',
      password: 'demo-jawort',
    });
    cookie = signedIn.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
  }, 240_000);
  afterAll(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const desk = async (path: string) => (await ask(server, path, { headers: { Cookie: cookie } })).body;
  const headless = async () => (await ask(server, '/api/v1/forms/newsletter?lang=de')).body;

  it('is shown and printed while it is live', async () => {
    for (const path of pages) expect((await ask(server, path)).body, path).toContain(words);
    expect(await headless()).toContain(words);
    expect(await desk('/staff/forms/newsletter/fair/paper?paper=de')).toContain(words);
  });

  it('is shown at no door once it is stopped', async () => {
    await stopNews();
    for (const path of pages) expect((await ask(server, path)).body, path).not.toContain(words);
    expect(await headless()).not.toContain(words);
    const sheet = await desk('/staff/forms/newsletter/fair/paper?paper=de');
    expect(sheet).toContain('Einladungen');
    expect(sheet).not.toContain(words);
  });

  it.each(pages)('is not asked for by who had %s open already', async (path) => {
    const fields = { email: 'alice@example.org', consent: news, form_version: seenBefore };
    const answer = await post(server, path, fields);
    expect(answer.status).toBe(422);
    expect(answer.body).toContain('alice@example.org');
    expect(await mailsIn(join(folder, 'mail'))).toEqual([]);
  });

  it('is not asked for by JSON', async () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' };
    const body = new URLSearchParams({ email: 'alice@example.org', consent: news, form_version: seenBefore });
    const answer = await ask(server, '/f/newsletter', { method: 'POST', headers, body: body.toString() });
    expect(answer.status).toBe(422);
    expect(await mailsIn(join(folder, 'mail'))).toEqual([]);
  });

  async function stopNews(): Promise<void> {
    const read = readConfig({ DATABASE_URL: databaseUrl(folder), LOG_LEVEL: 'silent' });
    assert(read.ok);
    const app = await openApp(read.config);
    try {
      const { id, email } = await app.db
        .selectFrom('staff')
        .select(['id', 'email'])
        .where('email', '=', 'legal@example.org')
        .executeTakeFirstOrThrow();
      const text = await app.db
        .selectFrom('consent_texts')
        .innerJoin('purposes', 'purposes.id', 'consent_texts.purpose_id')
        .select('consent_texts.live_version_id')
        .where('purposes.key', '=', 'product-news')
        .where('consent_texts.channel', '=', 'email')
        .where('consent_texts.locale', '=', 'de')
        .executeTakeFirstOrThrow();
      const lena = { id, email, name: 'Lena Legal', role: 'legal', locale: 'de' } as const;
      expect(
        await stopText(app, lena, text.live_version_id ?? '', 'Der Wortlaut wird geprüft.'),
      ).toMatchObject({
        outcome: 'stopped',
      });
    } finally {
      await app.db.destroy();
    }
  }
});

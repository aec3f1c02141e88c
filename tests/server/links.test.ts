/** The links in mails, as people and their mail programs open them, on the built server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connect, type Db } from '#db/connect.ts';
import { readConfig } from '#src/app/config.ts';
import { newId } from '#src/ids/new-id.ts';
import { deriveKeys } from '#src/secrets/keys.ts';
import { sentHandle } from '#src/signups/sent-handle.ts';
import {
  type BuiltServer,
  databaseUrl,
  ensureBuilt,
  runCommand,
  startBuilt,
} from '#tests/support/built-server.ts';
import { mailsTo, type ReadMail } from '#tests/support/mailbox.ts';
import { ask, formVersionOf, post } from '#tests/support/requests.ts';

describe('links in mails', () => {
  let folder: string;
  let server: BuiltServer;
  let db: Db;
  let people = 0;

  beforeAll(async () => {
    await ensureBuilt();
    folder = mkdtempSync(join(tmpdir(), 'jawort-links-'));
    server = await startBuilt(folder, { LIMITS: 'off' });
    db = await connect(databaseUrl(folder));
  }, 240_000);
  afterAll(async () => {
    await db.destroy();
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const mailTo = async (email: string, kind: string): Promise<ReadMail> =>
    vi.waitFor(
      async () => {
        const mail = (await mailsTo(join(folder, 'mail'), email)).find((one) => one.kind === kind);
        if (!mail) throw new Error(`no ${kind} yet`);
        return mail;
      },
      { timeout: 20_000, interval: 50 },
    );
  const signedUp = async (more: Record<string, string> = {}, path = '/f/newsletter') => {
    people += 1;
    const email = `person${people}@example.org`;
    const sent = await post(server, path, {
      email,
      consent: 'product-news:email',
      form_version: await formVersionOf(server),
      ...more,
    });
    expect(sent.status).toBe(303);
    const mail = await mailTo(email, 'confirm-signup');
    return { email, mail, confirm: mail.links.confirm ?? '', sent: sent.headers.location ?? '' };
  };
  const confirmed = async () => {
    const { email, confirm } = await signedUp();
    expect((await post(server, confirm, { action: 'confirm' })).status).toBe(303);
    const { links } = await mailTo(email, 'permissions-changed');
    return { email, manage: links.manage ?? '', unsubscribe: links.unsubscribe ?? '' };
  };
  const eventsOf = async (kind: 'confirmed' | 'withdrawn') => {
    const rows = await db.selectFrom('events').select('id').where('kind', '=', kind).execute();
    return rows.length;
  };

  describe('with what a mail program has put behind them', () => {
    it.each(['.', ')', '%22', '%20', '%C2%A0', '&utm_source=x', '%3E,'])('%s: confirm', async (behind) => {
      const { confirm } = await signedUp();
      const [whole, cut] = await Promise.all([ask(server, confirm), ask(server, confirm + behind)]);
      expect([whole.status, cut.status]).toEqual([200, 200]);
      const action =
        /<form method="post" action="([^"]+)"/.exec(cut.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
      const before = await eventsOf('confirmed');
      const done = await post(server, action, { action: 'confirm' });
      expect([done.status, done.headers.location]).toEqual([303, confirm]);
      expect((await post(server, confirm + behind, { action: 'confirm' })).status).toBe(303);
      expect(await eventsOf('confirmed')).toBe(before + 1);
    });

    it('unsubscribe and manage, looked at and used', async () => {
      const { manage, unsubscribe } = await confirmed();
      for (const behind of ['.', '>', '%3E', '=', '/', ')']) {
        expect((await ask(server, unsubscribe + behind)).status).toBe(200);
      }
      for (const behind of [').', '%22', '/']) expect((await ask(server, manage + behind)).status).toBe(200);
      const before = await eventsOf('withdrawn');
      const done = await post(server, `${unsubscribe},`, { 'List-Unsubscribe': 'One-Click' });
      expect([done.status, done.headers.location, done.headers['set-cookie']]).toEqual([
        200,
        undefined,
        undefined,
      ]);
      expect(await eventsOf('withdrawn')).toBe(before + 1);
      expect((await post(server, `${manage}).`, { action: 'withdraw-all' })).status).toBe(303);
      expect(server.output()).not.toContain(unsubscribe.slice(3, 20));
    });

    it('are as wrong as before where they are wrong', async () => {
      const { confirm } = await signedUp();
      const { unsubscribe } = await confirmed();
      const changed = confirm.slice(0, -1) + (confirm.endsWith('A') ? 'B' : 'A');
      const paths = [`${unsubscribe.slice(0, -1)}.`, `${changed}.`, '/confirm/.', '/u/)'];
      for (const path of paths) expect((await ask(server, path)).status, path).toBe(404);
      expect((await post(server, `${changed}.`, { action: 'confirm' })).status).toBe(404);
    });
  });

  it('say "deleted", with the way back to the form, after the request was deleted', async () => {
    const { confirm } = await signedUp();
    const long = new Date(Date.now() - 86_400_000).toISOString();
    await db
      .updateTable('signups')
      .set({ expires_at: long, purge_at: long })
      .where('state', '=', 'open')
      .execute();
    expect((await runCommand(folder, 'purge')).code).toBe(0);
    for (const [lang, words] of [
      ['de', 'Diese Anfrage ist gelöscht'],
      ['en', 'This request has been deleted'],
    ]) {
      const { status, body } = await ask(server, `${confirm}?lang=${lang}`);
      expect(status).toBe(410);
      expect(body).toContain(words);
      expect(body).toContain('href="/f/newsletter"');
    }
    const json = await ask(server, confirm, { headers: { Accept: 'application/json' } });
    expect([json.status, json.headers['content-type']]).toEqual([410, 'application/problem+json']);
    for (const action of ['confirm', 'reject', 'resend', 'undo']) {
      const posted = await post(server, confirm, { action });
      expect([posted.status, posted.headers.location]).toEqual([303, confirm]);
    }
    expect((await ask(server, `${confirm.slice(0, -2)}xx`)).status).toBe(404);
  });

  it('are not replaced by a code once the request has run out: its page leads back to the form', async () => {
    const read = readConfig({});
    if (!read.ok) throw new Error(read.mistakes.join());
    const keys = deriveKeys(read.config.appSecret);
    const handle = (expiresAt: string) =>
      sentHandle(keys, { signupId: newId(), address: 'gone@example.org', expiresAt });
    const s = handle('2026-01-01T00:00:00.000Z');
    const { status, body } = await post(server, '/f/newsletter/sent?lang=de', { s, code: '123456' });
    expect(status).toBe(410);
    expect(body).toContain('Diese Anfrage ist abgelaufen');
    expect(body).toContain('href="/f/newsletter?lang=de"');
    expect(body).not.toContain('error-summary');
    const json = await ask(server, '/f/newsletter/sent', {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ s, code: '123456' }).toString(),
    });
    expect([json.status, json.headers['content-type']]).toEqual([410, 'application/problem+json']);
    const alive = handle(new Date(Date.now() + 3_600_000).toISOString());
    expect((await post(server, '/f/newsletter/sent', { s: alive, code: '123456' })).status).toBe(422);
  });

  describe('stand beside the page where the address was entered', () => {
    const site = 'localhost:8080';
    const own = () => new URL(server.url).host.replace('127.0.0.1', 'localhost');
    const title = { de: 'Newsletter der Muster Werkzeuge GmbH', en: 'Newsletter of Muster Werkzeuge GmbH' };

    const headless = async (lang: 'de' | 'en', page_url?: string) => {
      people += 1;
      const email = `person${people}@example.org`;
      const headers = { 'Content-Type': 'application/json', Origin: `http://${site}` };
      const shown = JSON.parse(
        (await ask(server, `/api/v1/forms/newsletter?lang=${lang}`, { headers })).body,
      );
      const [{ value, sha256 }] = shown.consents;
      const body = { form_version: shown.form_version, lang, email, consents: [{ value, sha256 }], page_url };
      const answer = await ask(server, '/api/v1/forms/newsletter/signups', {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(202);
      return mailTo(email, 'confirm-signup');
    };
    const posted = async (lang: 'de' | 'en', page_url?: string) => {
      const fields: Record<string, string> = page_url === undefined ? { lang } : { lang, page_url };
      return (await signedUp(fields, '/f/newsletter?embed=1')).mail;
    };

    it.each([
      ['a frame', 'de', posted],
      ['a frame', 'en', posted],
      ['a headless form', 'de', headless],
      ['a headless form', 'en', headless],
    ] as const)('%s in %s', async (_, lang, send) => {
      const mail = await send(lang, `http://${site}/aktion/KAUFEN?x=1#y`);
      for (const part of [mail.text, mail.html]) {
        const text = part.replace(/\s+/g, ' ');
        expect(text).toContain(site);
        expect(text).toContain(title[lang]);
        expect(text).not.toMatch(/[„“]newsletter[“”]/);
        expect(text).not.toContain('x=1');
        expect(text).not.toContain('KAUFEN');
        expect(text).toContain(own());
      }
    });

    it.each([
      undefined,
      'http://localhost:8081/aktion',
      'https://localhost:8080/aktion',
      'http://evil.example/aktion',
      'http://localhost:8080@evil.example/aktion',
      'http://user:word@localhost:8080/aktion',
      'javascript:alert(1)//localhost:8080',
      'aktion',
      '',
    ])('our own host for %j', async (page) => {
      const { text, html } = await posted('de', page);
      for (const part of [text, html]) {
        expect(part).not.toMatch(/aktion|8081|evil|localhost:8080/);
        expect(part).toContain(own());
      }
    });
  });
});

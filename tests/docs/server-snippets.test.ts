import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '#db/connect.ts';
import { readConfig } from '#src/app/config.ts';
import { answerHealth } from '#src/server/health.ts';
import { openTestApp } from '#tests/support/app.ts';
import { guide, snippetsIn, snippetsOfKind } from './read-guides.ts';

const page = 'operators.md';
const code = (kind: string) => snippetsOfKind(page, kind)[0]?.code ?? '';

/** Reads `NAME=value` lines the way systemd and a shell both do. */
function environmentIn(text: string): Record<string, string> {
  const lines = text.trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf('=')),
      line.slice(line.indexOf('=') + 1).replace(/^"(.*)"$/, '$1'),
    ]),
  );
}

describe('the server of the operator guide', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'jawort-docs-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('starts in production with the settings of the guide', () => {
    const secret = join(folder, 'app-secret');
    // Made as the guide makes it.
    const made = spawnSync('openssl', ['rand', '-base64', '48'], { encoding: 'utf8' });
    writeFileSync(secret, made.stdout);
    const environment = { ...environmentIn(code('environment')), APP_SECRET_FILE: secret };
    const read = readConfig(environment);
    expect(read.ok ? [] : read.mistakes).toEqual([]);
    expect(read.config).toMatchObject({ production: true, trustProxy: 1, host: '127.0.0.1' });
    expect(read.config?.mail).toMatchObject({ transport: 'smtp', smtpRequireTls: true });
    expect(read.config?.mail.from).toMatch(/^Muster Werkzeuge GmbH <.+>$/);
  });

  it('means the same settings to a shell', () => {
    const names = Object.keys(environmentIn(code('environment')));
    const file = join(folder, 'env');
    writeFileSync(file, code('environment'));
    const shell = spawnSync('sh', ['-c', `set -a; . ${file}; env`], { encoding: 'utf8' });
    expect(shell.stderr).toBe('');
    const seen = Object.fromEntries(
      shell.stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/=(.*)/s)),
    );
    for (const name of names) expect(seen[name], name).toBe(environmentIn(code('environment'))[name]);
  });

  it('lets the proxies lead to the port that the settings name', () => {
    const { PORT, HOST, BASE_URL = '' } = environmentIn(code('environment'));
    const host = new URL(BASE_URL).host;
    expect(code('caddy')).toContain(`${host} {`);
    expect(code('caddy')).toContain(`reverse_proxy ${HOST}:${PORT}`);
    const nginx = code('nginx');
    expect(nginx).toContain(`server_name ${host};`);
    expect(nginx).toContain(`proxy_pass http://${HOST}:${PORT};`);
    expect(nginx).toContain('proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;');
    expect(nginx.match(/\{/g)?.length).toBe(nginx.match(/\}/g)?.length);
  });

  it('has a unit that systemd understands and that starts npm start with the settings', () => {
    const unit = code('unit');
    expect(unit).toContain('EnvironmentFile=/etc/jawort/env');
    expect(unit).toContain('ExecStart=/usr/bin/npm start');
    const sections = [...unit.matchAll(/^\[(\w+)\]$/gm)].map(([, name]) => name);
    expect(sections).toEqual(['Unit', 'Service', 'Install']);
    const others = unit.split('\n').filter((line) => line !== '' && !/^\[\w+\]$|^[A-Z]\w+=\S/.test(line));
    expect(others).toEqual([]);
  });

  it('types commands that a shell can read, under paths that fit together', () => {
    const server = [...snippetsOfKind(page, 'server'), ...snippetsOfKind(page, 'probe')];
    for (const { code: script, line } of server) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
      expect(status, `line ${line}: ${stderr}`).toBe(0);
    }
    const all = server.map((one) => one.code).join('\n');
    const { APP_SECRET_FILE } = environmentIn(code('environment'));
    expect(all).toContain(`openssl rand -base64 48 > ${APP_SECRET_FILE}`);
    expect(all).toContain('. /etc/jawort/env');
    expect(code('aliases')).toContain('npm run jawort -- bounce');
  });

  it('is ready, as the probe says', async () => {
    const { app, close } = await openTestApp('sqlite');
    const server = createServer((request, response) => void answerHealth(app, request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = await fetch(`${url}/readyz`);
    const snippets = snippetsIn(guide(page));
    const probe = snippets.findIndex(({ kind }) => kind === 'probe');
    expect(await answer.json()).toEqual(JSON.parse(snippets[probe + 1]?.code ?? ''));
    server.close();
    await close();
  });

  it('makes a backup of SQLite that opens and holds what was there', async () => {
    const { app, close } = await openTestApp('sqlite');
    const copy = join(folder, 'backup.db');
    const statement = code('sqlite').replace('/var/backups/jawort.db', copy);
    await sql.raw(statement).execute(app.db);
    const backup = await connect(`sqlite:${copy}`);
    const forms = await backup.selectFrom('forms').select('key').execute();
    expect(forms.map(({ key }) => key).toSorted()).toEqual(['fair', 'newsletter']);
    await backup.destroy();
    await close();
  });
});

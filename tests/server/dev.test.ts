/** `npm run dev` on a copy of the project: an edit shows without a restart. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { mailsIn } from '#tests/support/mailbox.ts';
import { freePort } from '#tests/support/postgres.ts';
import { ask, formVersionOf, post } from '#tests/support/requests.ts';

// Two seconds are promised; other tests use the machine at the same time.
const patience = { timeout: 10_000, interval: 50 };

describe('npm run dev', () => {
  let copy: string;
  let server: ChildProcess;
  let port: number;
  let output = '';

  beforeAll(async () => {
    copy = copyOfProject();
    port = await freePort();
    server = spawn(process.execPath, ['src/cli/launch.mjs', 'dev'], {
      cwd: copy,
      env: { PATH: process.env.PATH, PORT: String(port), HOST: '127.0.0.1', LIMITS: 'off' },
    });
    for (const stream of [server.stdout, server.stderr]) stream?.on('data', (chunk) => (output += chunk));
    const isReady = async () => expect(await statusOf('/readyz'), output).toBe(200);
    await vi.waitFor(isReady, { timeout: 60_000, interval: 100 });
  }, 120_000);

  afterAll(async () => {
    if (server.exitCode === null && server.kill()) await once(server, 'exit');
    rmSync(copy, { recursive: true, force: true });
  });

  const statusOf = (path: string) => ask({ port }, path).then(({ status }) => status, String);
  const page = async (path = '/f/newsletter') => (await ask({ port }, path)).body;

  /** Edits the only file of the copy, or the first of these, that holds this text. */
  function replace(files: string, text: string, edited: string): void {
    const path = globSync(join(copy, files)).find((file) => readFileSync(file, 'utf8').includes(text));
    if (!path) throw new Error(`no file of ${files} holds ${text}`);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(text, edited));
  }

  it('shows the demo, and an edited layout', async () => {
    expect(await page()).toContain('Muster Werkzeuge GmbH');
    replace('src/layouts/Layout.astro', '</body>', '<p>An edited layout.</p></body>');
    await expect.poll(() => page(), patience).toContain('An edited layout.');
  });

  it('shows an edited word', async () => {
    const word = /<button[^>]*>\s*([^<]+?)\s*<\/button>/.exec(await page())?.[1] ?? '';
    replace('src/i18n/**/*.json', `"${word}"`, '"An edited word"');
    await expect.poll(() => page(), patience).toContain('An edited word');
  });

  it('shows an edited style', async () => {
    for (const file of globSync(join(copy, 'src/styles/**/*.css')))
      appendFileSync(file, '.edited-style { color: red }');
    await expect.poll(() => page(), patience).toContain('.edited-style');
  });

  it('runs edited code when a form is posted, and sends its mail', async () => {
    replace('src/mail/*.ts', "'X-Jawort-Mail'", "'X-Jawort-Edited'");
    const sentAs = async (): Promise<string[]> => {
      const form_version = await formVersionOf({ port });
      const fields = { email: 'alice@example.org', consent: 'product-news:email', form_version };
      const { status } = await post({ port }, '/f/newsletter', fields);
      const mails = await mailsIn(join(copy, 'var/mail'));
      return [String(status), ...mails.flatMap(({ headers }) => Object.keys(headers))];
    };
    await expect
      .poll(sentAs, { ...patience, interval: 500 })
      .toEqual(expect.arrayContaining(['303', 'x-jawort-edited']));
  });

  it('survives a mistake in the code, and goes on once that is corrected', async () => {
    replace('src/mail/*.ts', "'X-Jawort-Edited'", "'X-Jawort-Edited");
    await expect.poll(() => statusOf('/f/newsletter'), patience).toBe(500);
    // Within 50 ms the watcher takes two edits of a file for one, and nobody types as fast.
    await wait(500);
    replace('src/mail/*.ts', "'X-Jawort-Edited", "'X-Jawort-Edited'");
    await expect.poll(() => statusOf('/f/newsletter'), patience).toBe(200);
    expect(server.exitCode, output).toBeNull();
  });
});

/** With the packages of the project, but with caches of its own. */
function copyOfProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'jawort-dev-'));
  const parts = [
    'src',
    'db',
    'emails',
    'public',
    'LICENSE',
    'astro.config.mjs',
    'package.json',
    'tsconfig.json',
  ];
  for (const part of parts) cpSync(part, join(copy, part), { recursive: true });
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync('node_modules')) {
    if (!name.startsWith('.')) symlinkSync(resolve('node_modules', name), join(copy, 'node_modules', name));
  }
  return copy;
}

import { execFile } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { migrations } from '#db/migrations/index.ts';
import { deskTable } from '#src/desk/table.ts';
import { demoKey } from '#src/exchange/api-keys.ts';
import { translator } from '#src/i18n/translate.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { demoPassword, demoStaff } from '#src/staff/seed-staff.ts';
import { openTestApi } from '#tests/support/api.ts';
import { aClient, newestToken, signUp } from '#tests/support/app.ts';
import { figuresPage } from '../bench/publish.ts';
import { guide, guides } from './read-guides.ts';

const run = promisify(execFile);
const readme = readFileSync('README.md', 'utf8');
const scripts = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts);

describe('README', () => {
  it('is short', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(100);
  });

  it('asks its first question as it says', async () => {
    const test = await openTestApi('sqlite');
    const [, , , command = ''] = readme.split(/^```(?:sh)?$/m);
    expect(command).toContain('curl');
    const ask = async () =>
      (await run('bash', ['-c', command.replace('http://localhost:4321', test.url)])).stdout;
    expect(JSON.parse(await ask()).decisions).toMatchObject([{ allowed: false, reason: 'no_permission' }]);
    await signUp(test.app, 'anna@example.org', ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, 'anna@example.org'), aClient);
    expect(JSON.parse(await ask()).decisions).toMatchObject([{ allowed: true }]);
    await test.close();
  });
});

describe('CONTRIBUTING', () => {
  const text = readFileSync('.github/CONTRIBUTING.md', 'utf8');
  const [migration = '', column = ''] = [/^ {3}```ts\n([\s\S]*?)^ {3}```$/m, /^```ts\n([\s\S]*?)^```$/m].map(
    (fence) => fence.exec(text)?.[1] ?? '',
  );

  it('has a migration that runs on an up-to-date database, with a name that fits', async () => {
    const test = await openTestApi('sqlite');
    const { code } = await transform(migration, { loader: 'ts' });
    const module = await import(
      `data:text/javascript,${encodeURIComponent(code.replace('"kysely"', `"${import.meta.resolve('kysely')}"`))}`
    );
    await module.up(test.app.db);
    const rows = await sql<{ phone: unknown }>`SELECT phone FROM controllers`.execute(test.app.db);
    expect(rows.rows).toEqual([{ phone: null }]);
    const [, name = ''] = /`db\/migrations\/([\w-]+)\.ts`/.exec(text) ?? [];
    const newest =
      Object.keys(migrations)
        .toSorted()
        .findLast((one) => !one.startsWith('20')) ?? '';
    expect(name).toMatch(/^20\d{6}-\d{4}-[a-z0-9-]+$/);
    expect(name > newest).toBe(true);
    await test.close();
  });

  it('has a column that a list of a desk takes', async () => {
    const { code } = await transform(`export const entry = (t) => (${column.trim().replace(/,$/, '')});`, {
      loader: 'ts',
    });
    const { entry } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    const t = translator('en');
    const table = deskTable(new URL('https://consent.example.org/staff/controllers'), [{ country: 'AT' }], {
      columns: [entry(t)],
    });
    expect(JSON.stringify(table)).toContain('AT');
  });

  it('names the sign-ins of the demo', () => {
    for (const { email } of demoStaff) expect(text).toContain(`\`${email}\``);
    expect(text).toContain(`\`${demoPassword}\``);
    expect(text).toContain(`\`${demoKey}\``);
  });
});

describe('pages about the project', () => {
  const pages = [
    'README.md',
    ...globSync('.github/**/*.md'),
    ...guides.map(({ path }) => `src/docs/${path}`),
  ].map((path) => ({ path, text: readFileSync(path, 'utf8') }));

  it('lead only to files that are there', () => {
    const dead = pages.flatMap(({ path, text }) => {
      const folder = path.includes('/') ? `${path.slice(0, path.lastIndexOf('/'))}/` : '';
      return [...text.matchAll(/\]\((?!https?:|\/|#|mailto:)([^)#]+)/g)]
        .map(([, to = '']) => new URL(to, `file:///${folder}`).pathname.slice(1))
        .filter((to) => !existsSync(to))
        .map((to) => `${path} → ${to}`);
    });
    expect(dead).toEqual([]);
  });

  it('name only files and scripts that are there', () => {
    const missing = pages.flatMap(({ path, text }) => {
      const files = [...text.matchAll(/`((?:[\w.-]+\/)+[\w.[\]-]+\.(?:ts|mjs|astro|json|css))`/g)]
        .map(([, file = '']) => file)
        .filter((file) => !existsSync(file) && !existsSync(`src/${file}`))
        // The one that its reader is to write.
        .filter((file) => !file.endsWith('-company-phone.ts'));
      const commands = [...text.matchAll(/npm run ([\w:-]+)/g)]
        .map(([, script = '']) => script)
        .filter((script) => !scripts.includes(script));
      return [...files, ...commands].map((name) => `${path}: ${name}`);
    });
    expect(missing).toEqual([]);
  });

  it('has every folder of src on the map', () => {
    const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const { text } = guide('architecture.md');
    for (const { name } of folders) expect(text, name).toContain(`\`src/${name}/\``);
  });

  it('writes the page of figures as a guide', () => {
    const figures = [
      { what: 'a|b', measured: '1 ms', aim: '≤ 2 ms', met: true },
      { what: 'c', measured: '3' },
    ];
    const page = figuresPage({
      date: '2026-12-01',
      machine: '2 × a processor',
      parts: [{ title: 'Part', report: { tables: [], figures } }],
    });
    expect(page).toContain('on 2026-12-01. Machine: 2 × a processor.');
    expect(page).toContain('## Part\n\n| figure | measured | aim | result |\n');
    expect(page).toContain('| a\\|b | 1 ms | ≤ 2 ms | met |\n| c | 3 |  |  |\n');
    const head = (text: string) => text.split('\n---\n')[0];
    expect(head(page)).toBe(head(guide('figures.md').text));
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '#tests/support/app.ts';
import { firstCells, guide, guides, snippetsIn } from './read-guides.ts';

const run = promisify(execFile);

/** What is not 0: these commands find something in a demo where nobody has said yes, or in a bad clause; and
 * a ledger is compared with nothing from outside. */
const found: Record<string, number> = { decide: 1, lint: 1, ledger: 3 };

describe('the commands of the guides', () => {
  let test: TestApp;
  let folder: string;
  beforeAll(async () => {
    test = await openTestApp('sqlite');
    folder = await mkdtemp(join(tmpdir(), 'jawort-docs-'));
    await writeFile(join(folder, 'list.csv'), 'contact_point\nanna@example.org\n');
    await writeFile(join(folder, 'clause.txt'), 'Ja, ich möchte Werbung von Ihren Partnern.\n');
  });
  afterAll(async () => {
    await test.close();
    await rm(folder, { recursive: true });
  });

  const snippets = guides
    .flatMap(snippetsIn)
    .filter(({ path, kind }) => (kind === 'command' || kind === 'lint') && !path.endsWith('.de.md'));

  it.each(snippets.map(({ path, line, code }) => [`${path}:${line}`, code.trim()]))(
    '%s runs: %s',
    async (_place, command) => {
      // `npm run` would prepare the whole project first; what it starts is this.
      const own = `${process.execPath} ${resolve('src/cli/jawort.ts')}`;
      const script = command.replace(/^npm run jawort --/, own);
      expect(script).not.toBe(command);
      const name = command.split(/\s+/)[4] ?? '';
      const outcome = await run('bash', ['-c', script], {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          DATABASE_URL: `sqlite:${resolve(test.app.config.databaseUrl.slice('sqlite:'.length))}`,
        },
      }).then(
        ({ stderr }) => ({ code: 0, stderr }),
        (error: { code: number; stderr: string }) => ({ code: error.code, stderr: error.stderr }),
      );
      expect(outcome.code, outcome.stderr).toBe(found[name] ?? 0);
    },
  );

  it('lists every command as the help does', async () => {
    const { stdout } = await run(process.execPath, ['src/cli/jawort.ts', 'help']);
    const helped = stdout
      .split('\n')
      .flatMap((line) => /^ {2}(\S.*?) {2,}(\S.*)$/.exec(line)?.slice(1, 3) ?? []);
    const usages = helped.filter((_, index) => index % 2 === 0);
    expect(firstCells('commands.md')).toEqual(usages);
    for (const about of helped.filter((_, index) => index % 2 === 1)) {
      expect(guide('commands.md').text).toContain(`| ${about} |`);
    }
  });
});

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeSourceArchive } from '#src/cli/source-archive.mjs';

const run = promisify(execFile);
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jawort-source-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const namesIn = async (archive: string) => (await run('tar', ['-tzf', archive])).stdout.trim().split('\n');

it('packs what the project is built from, as it is on disk, and nothing of what it holds', async () => {
  const archive = join(folder, 'own.tar.gz');
  writeSourceArchive(process.cwd(), archive);
  const names = await namesIn(archive);
  expect(names).toEqual(
    expect.arrayContaining(
      ['LICENSE', 'package-lock.json', 'src/server/main.ts', 'db/connect.ts'].map((one) => `jawort/${one}`),
    ),
  );
  expect(names.filter((name) => /node_modules|\/var\/|\/dist\//.test(name))).toEqual([]);
  await run('tar', ['-xzf', archive, '-C', folder]);
  for (const path of ['README.md', 'src/app/config.ts', 'tests/cli/source-archive.test.ts']) {
    expect(await readFile(join(folder, 'jawort', path), 'utf8'), path).toBe(await readFile(path, 'utf8'));
  }
});

it('packs changes of whoever runs it, long names too, but no secret, database or link', async () => {
  const root = join(folder, 'copy');
  const deep = `src/${'a-folder-with-a-long-name/'.repeat(5)}`;
  await mkdir(join(root, deep), { recursive: true });
  await mkdir(join(root, 'var'));
  const files = {
    [`${deep}changed.ts`]: 'export const changed = true;\n',
    'src/empty.ts': '',
    'src/.env.production': 'APP_SECRET=secret',
    'src/jawort.db': 'data',
    'src/tls.key': 'secret',
    '.env': 'APP_SECRET=secret',
    '.npmrc': '//host/:_authToken=secret',
    'var/jawort.db': 'data',
  };
  for (const [path, content] of Object.entries(files)) await writeFile(join(root, path), content);
  await symlink('/etc/hostname', join(root, 'src/link.ts'));
  const archive = join(folder, 'copy.tar.gz');
  writeSourceArchive(root, archive);
  expect(await namesIn(archive)).toEqual([`jawort/${deep}changed.ts`, 'jawort/src/empty.ts']);
  const first = await readFile(archive);
  writeSourceArchive(root, archive);
  expect(await readFile(archive)).toEqual(first);
});

it('comes with the licence as the Free Software Foundation publishes it', async () => {
  const licence = await readFile('LICENSE');
  expect(createHash('sha256').update(licence).digest('hex')).toBe(
    '8486a10c4393cee1c25392769ddd3b2d6c242d6ec7928e1414efff7dfb2f07ef',
  );
  expect(JSON.parse(await readFile('package.json', 'utf8')).license).toBe('AGPL-3.0-or-later');
});

import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { programs } from '#src/cli/programs.mjs';
import { ensureBuilt } from '#tests/support/built-server.ts';

const root = resolve(import.meta.dirname, '../..');

const files = [
  'src/server/main.ts',
  'db/sqlite/dialect.ts',
  'db/postgres/dialect.ts',
  'src/mail/resend-transport.ts',
  'dist/server/entry.mjs',
];

/** The parts of Node itself that are in memory once the server is loaded as `npm start` loads it. */
function partsOfNode(cache: 'kept' | 'none'): string[] {
  const { flags, variables } = programs.server;
  const { NODE_COMPILE_CACHE, ...others } = variables;
  const load = files.map((file) => `await import('./${file}');`).join('');
  const tell = 'console.log(JSON.stringify(process.moduleLoadList))';
  const output = execFileSync(process.execPath, [...flags, '--input-type=module', '--eval', load + tell], {
    cwd: root,
    env: { PATH: process.env.PATH, ...others, ...(cache === 'kept' && { NODE_COMPILE_CACHE }) },
    encoding: 'utf8',
  });
  return JSON.parse(output) as string[];
}

describe('what was built', () => {
  beforeAll(ensureBuilt, 180_000);

  it('starts without the compiler that strips types', () => {
    expect(compilersIn(partsOfNode('kept'))).toEqual([]);
    expect(compilersIn(partsOfNode('none'))).not.toEqual([]);
  });
});

function compilersIn(parts: string[]): string[] {
  return parts.filter((part) => part.includes('amaro'));
}

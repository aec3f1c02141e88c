import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faultsOf } from './support/architecture.ts';
import { leftOutOf, registriesIn } from './support/lockfile.ts';

const read = (path: string) => ({ path, text: readFileSync(path, 'utf8') });

describe('the house', () => {
  it('imports downwards, keeps drivers, cookies and consoles where they belong', () => {
    const files = globSync('{src,db,emails,tests}/**/*.{ts,mjs,astro}').map(read);
    expect(files.length).toBeGreaterThan(10);
    expect(faultsOf(files)).toEqual([]);
  });

  it('names no registry in the lockfile', () => {
    expect(registriesIn(read('package-lock.json').text)).toEqual([]);
  });

  it('leaves no package out of the lockfile that npm ci asks for', () => {
    expect(leftOutOf(read('package-lock.json').text)).toEqual([]);
  });
});

describe('the check itself', () => {
  it('lets a page call a use case, and a use case its ledger', () => {
    const page = `---\nimport { confirm } from '#src/signups/confirm-signup.ts';\n---\n<p>import x from 'pg'</p>`;
    const files = [
      { path: 'src/pages/confirm/[token].astro', text: page },
      { path: 'src/signups/confirm-signup.ts', text: `import { append } from '#src/ledger/append.ts';` },
    ];
    expect(faultsOf(files)).toEqual([]);
  });

  it.each([
    ['src/ledger/a.ts', `import { x } from '#src/signups/x.ts';`, 'ledger lies below signups'],
    ['db/a.ts', `import type { App } from '#src/app/app.ts';`, 'db lies below app'],
    [
      'src/forms/a.ts',
      `const later = await import('#src/permissions/x.ts');`,
      'forms lies below permissions',
    ],
    ['src/signups/a.ts', `export { x } from '#src/pages/x.ts';`, 'signups lies below pages'],
    ['src/mail/a.ts', `import { x } from '#src/gadgets/x.ts';`, 'gadgets stands in no row'],
    ['src/mail/a.ts', `import pg from 'pg';`, 'which is for db only'],
    ['src/people/a.ts', `import { Resend } from 'resend';`, 'which is for mail only'],
    ['src/signups/a.ts', `import { getSecret } from 'astro:env/server';`, 'which is for pages'],
    ['src/pages/a.ts', `import { Lucia } from 'lucia';`, 'which is for staff only'],
    ['src/pages/a.ts', `import { x } from '#tests/support/x.ts';`, 'does without its tests'],
    ['src/pages/p/a.ts', `import { x } from '../../forms/x.ts';`, 'by their # name'],
    ['src/people/a.ts', `console.log(1);`, 'the log is app.log'],
    ['src/pages/p/a.ts', `context.cookies.set('seen', '1');`, 'people get no cookie'],
    ['src/http/a.ts', `headers.append('Set-Cookie', 'seen=1');`, 'people get no cookie'],
  ])('finds fault with %s when it says %s', (path, text, fault) => {
    expect(faultsOf([{ path, text }])).toEqual([expect.stringContaining(fault)]);
  });

  it('finds folders of one row that import each other', () => {
    const files = [
      { path: 'src/people/a.ts', text: `import { x } from '#src/ledger/x.ts';` },
      { path: 'src/ledger/b.ts', text: `import { x } from '#src/mail/x.ts';` },
      { path: 'src/mail/c.ts', text: `import { x } from '#src/people/x.ts';` },
    ];
    expect(faultsOf(files)).toContain('a cycle of folders: people → ledger → mail → people');
  });

  it('finds a registry in a lockfile', () => {
    expect(registriesIn('"resolved": "https://registry.example.org/a.tgz"')).toHaveLength(1);
  });

  it('finds what a lockfile leaves out, wherever npm would have put it', () => {
    const wants = { optionalDependencies: { here: '1', above: '1', missing: '1' } };
    const packages = {
      'node_modules/a/node_modules/b': wants,
      'node_modules/a/node_modules/b/node_modules/here': {},
      'node_modules/above': {},
    };
    expect(leftOutOf(JSON.stringify({ packages }))).toEqual(['missing']);
  });
});

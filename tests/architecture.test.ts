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
    ['src/components/a.ts', `import { x } from '#src/desk/x.ts';`, 'components lies below desk'],
    ['src/http/a.ts', `import type { X } from '#src/actions/x.ts';`, 'http lies below actions'],
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
    expect(faultsOf(files)).toContain('a circle of folders: ledger → mail → people → ledger');
  });

  it.each([
    ['a type', `import type { X } from './x.ts';`],
    ['a type written in line', `export type Y = import('./x.ts').X;`],
    ['a re-export', `export { x } from './x.ts';`],
    ['an import at run time', `const { x } = await import('./x.ts');`],
  ])('finds files of one folder that import each other, if only by %s', (_, text) => {
    const files = [
      { path: 'src/people/a.ts', text },
      { path: 'src/people/x.ts', text: `import { b } from '#src/people/b.ts';` },
      { path: 'src/people/b.ts', text: `import { a } from './a.ts';` },
      { path: 'src/people/c.ts', text: `import { a } from './a.ts';` },
    ];
    expect(faultsOf(files)).toEqual([
      'a circle of files: src/people/a.ts → src/people/x.ts → src/people/b.ts → src/people/a.ts',
    ]);
  });

  it('finds a component that imports the page that shows it', () => {
    const files = [
      {
        path: 'src/components/Box.astro',
        text: `---\nimport type { P } from '#src/pages/p/[link].astro';\n---\n`,
      },
      {
        path: 'src/pages/p/[link].astro',
        text: `---\nimport Box from '#src/components/Box.astro';\n---\n<Box />`,
      },
    ];
    expect(faultsOf(files)).toContain(
      'a circle of files: src/components/Box.astro → src/pages/p/[link].astro → src/components/Box.astro',
    );
    expect(faultsOf(files)).toContainEqual(expect.stringContaining('components lies below pages'));
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

import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { operations } from '#src/api/operations.ts';
import { methodsAt } from '#src/http/methods.ts';
import { isDesk, otherRoutes, type PageName, pageAt, pages, paths } from '#src/routes.ts';

/** Those without an address of their own: what is shown for an unknown address and after an error. */
const withoutAddress = ['src/pages/404.astro', 'src/pages/500.astro', 'src/pages/[...path].astro'];

const files = globSync('src/pages/**/*.{astro,ts}').filter(
  (file) => !/\/_/.test(file) && !withoutAddress.includes(file),
);
const fileAt = new Map(files.map((file) => [addressOf(file), file]));
const names = Object.keys(pages) as PageName[];
const desks = names.filter((name) => isDesk(pages[name].path));

function addressOf(file: string): string {
  const path = file.replace(/^src\/pages/, '').replace(/\.(astro|ts)$/, '');
  return path.replace(/\/index$/, '') || '/';
}

/** The address with a value in the place of each parameter. */
function example(name: PageName): string {
  return pages[name].path.replace(/\[\w+\]/g, 'x1');
}

/** The page and what it imports from beside it. */
function codeOf(file: string): string {
  const code = readFileSync(file, 'utf8');
  const beside = [...code.matchAll(/from '(\.[^']+\.ts)'/g)].map(([, name]) =>
    join(dirname(file), name ?? ''),
  );
  return [code, ...beside.map((path) => readFileSync(path, 'utf8'))].join('\n');
}

describe('the table of routes', () => {
  it('has every page, and no page that is not there', () => {
    expect(names.length).toBeGreaterThan(60);
    expect(names.map((name) => pages[name].path).sort()).toEqual([...fileAt.keys()].sort());
  });

  it('knows to which pages of the desks something can be posted', () => {
    const wrong = desks.filter((name) => {
      const answers = /answerPost\(|'POST'|const POST\b/.test(codeOf(fileAt.get(pages[name].path) ?? ''));
      return answers !== (pages[name].post !== 'nobody');
    });
    expect(wrong).toEqual([]);
  });

  it('leaves what is posted to the desks to their actions', () => {
    const own = desks.filter((name) => {
      const code = codeOf(fileAt.get(pages[name].path) ?? '');
      return pages[name].post !== 'nobody' && !code.includes('answerPost(');
    });
    // It reads no field.
    expect(own).toEqual(['staffSignOut']);
  });

  it.each(names)('finds %s at its address, with or without a slash at the end', (name) => {
    expect(pageAt(example(name))?.name).toBe(name);
    expect(pageAt(`${example(name).replace(/\/$/, '')}/`)?.name).toBe(name);
  });

  it('finds nothing at any other address', () => {
    const strangers = [
      '/staff/nope',
      '/staff/sign-in/more',
      '/staffing',
      '/staff/audit/x',
      '//',
      '/f',
      '/f/a/b',
    ];
    expect(strangers.filter((address) => pageAt(address))).toEqual([]);
  });

  it('opens nothing at the desks but the way in to whoever is not signed in', () => {
    const open = desks.filter((name) => pages[name].read === 'anyone');
    expect(open.map((name) => pages[name].path).sort()).toEqual([
      '/staff/code',
      '/staff/password',
      '/staff/password/[token]',
      '/staff/resume',
      '/staff/sign-in',
      '/staff/sign-out',
    ]);
  });

  it('names no address of the API that has no operation', () => {
    const found = operations.map(({ path }) => `/api/v1${path.replaceAll('{', '[').replaceAll('}', ']')}`);
    expect(found).toContain(otherRoutes.formApi.path);
  });
});

describe('an address', () => {
  it('of a desk is written nowhere but in the table', () => {
    const code = globSync('src/**/*.{ts,mjs,astro}').filter((file) => file !== 'src/routes.ts');
    const written = code.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, at) =>
          /["'`}]\/staff(?:[/?#"'`]|$)/.test(line) ? [`${file}:${at + 1}: ${line}`] : [],
        ),
    );
    expect(code.length).toBeGreaterThan(500);
    expect(written).toEqual([]);
  });

  it('names what it is about, and says more in its query', () => {
    expect(paths.form('newsletter')).toBe('/f/newsletter');
    expect(paths.formSent('newsletter', { s: 'a b', lang: 'de' })).toBe('/f/newsletter/sent?s=a+b&lang=de');
    expect(paths.staffText('news', 'email', 'de', {})).toBe('/staff/texts/news/email/de');
    expect(paths.staffText('news', 'email', 'de', { lang: undefined })).toBe('/staff/texts/news/email/de');
    expect(paths.staffAudit(new URLSearchParams('act=a&act=b'))).toBe('/staff/audit?act=a&act=b');
  });

  it('keeps what is not ours from leading elsewhere', () => {
    expect(paths.form('../staff?x')).toBe('/f/..%2Fstaff%3Fx');
  });

  it('tells which parameters it has', () => {
    expect(pageAt('/staff/texts/news/email/de/review')).toEqual({
      name: 'staffTextReview',
      params: { purpose: 'news', channel: 'email', locale: 'de' },
    });
  });
});

describe('the methods of an address', () => {
  it.each([
    ['/f/newsletter', 'GET, HEAD, OPTIONS, POST'],
    ['/preferences/sent/', 'GET, HEAD, OPTIONS'],
    ['/staff/keys', undefined],
    ['/nowhere', undefined],
  ])('at %s are %s', (address, methods) => {
    expect(methodsAt(address)).toBe(methods);
  });
});

import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { functionsOf, percentile } from './support/sizes.ts';

const code = globSync('{src,db,emails}/**/*.{ts,mjs}').map((path) => ({
  path,
  text: readFileSync(path, 'utf8'),
}));
const functions = code.flatMap(functionsOf);

describe('functions', () => {
  it('have at most 60 lines', () => {
    expect(functions.length).toBeGreaterThan(1000);
    expect(functions.filter(({ lines }) => lines > 60)).toEqual([]);
  });

  it('have at most 15 paths', () => {
    expect(functions.filter(({ complexity }) => complexity > 15)).toEqual([]);
  });
});

describe('files', () => {
  const lengths = globSync('{src,db}/**/*.{ts,mjs,astro}')
    .filter((path) => !isGenerated(path))
    .map((path) => readFileSync(path, 'utf8').split('\n').length - 1);

  // The aim is 55. A few lines more are left, so that one long file does not stop the work of somebody else.
  it('have around 55 lines, and nine of ten at most 140', () => {
    expect(lengths.length).toBeGreaterThan(500);
    expect(percentile(lengths, 0.5)).toBeLessThanOrEqual(60);
    expect(percentile(lengths, 0.9)).toBeLessThanOrEqual(140);
  });
});

describe('the measure itself', () => {
  const sizesOf = (text: string) =>
    functionsOf({ path: 'a.ts', text }).map(({ lines, complexity }) => ({ lines, complexity }));

  it('counts lines from the first to the last', () => {
    expect(sizesOf('function f() {\n  return 1;\n}\n')).toEqual([{ lines: 3, complexity: 1 }]);
  });

  it.each([
    ['if (a) return 1; else return 2;', 2],
    ['return a && b || c ?? d;', 4],
    ['return a ? b : c;', 2],
    ['for (const one of a) while (one) next();', 3],
    ['try { a(); } catch { b(); }', 2],
    ['switch (a) { case 1: case 2: return b; case 3: return c; default: return d; }', 3],
  ])('counts every branch of %s', (body, complexity) => {
    expect(sizesOf(`function f() { ${body} }`)).toEqual([{ lines: 1, complexity }]);
  });

  it('counts a function inside of another for itself', () => {
    expect(sizesOf('const f = () => {\n  const g = () => (a ? b : c);\n};')).toEqual([
      { lines: 3, complexity: 1 },
      { lines: 1, complexity: 2 },
    ]);
  });
});

/** Types that a test writes. */
function isGenerated(path: string): boolean {
  return path === 'src/i18n/message-params.ts';
}

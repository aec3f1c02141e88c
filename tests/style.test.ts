import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Words of riddles and of old novels. Name the person or the part of the program, and say what it does. */
const riddles = /\b(Whoever|Nobody who|heed(s|ed)?|hoping|anew|at rest)\b/;

const files = globSync('{src,emails,db}/**/*.{ts,astro,css}').concat(globSync('src/i18n/en/**/*.json'));

describe('code and English words', () => {
  it('say plainly who does what', () => {
    const found = files.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, index) => (riddles.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
    );
    expect(files.length).toBeGreaterThan(500);
    expect(found).toEqual([]);
  });
});

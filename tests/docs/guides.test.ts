import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { guides, snippetsIn } from './read-guides.ts';

/** How each kind of snippet is tested. A snippet of any other kind is one that nobody runs. */
const tested: Record<string, string> = {
  'sh api': 'api-snippets',
  'json answer': 'api-snippets',
  'csv answer': 'api-snippets',
  'json event': 'webhook-snippets',
  'js verify': 'webhook-snippets',
  'js receipt': 'receipt-snippets',
  'python verify': 'webhook-snippets',
  'php verify': 'webhook-snippets',
  'html element': 'embed-snippets',
  'html frame': 'embed-snippets',
  'html link': 'embed-snippets',
  'html events': 'embed-snippets',
  'jsx react': 'embed-snippets',
  'jsx next': 'embed-snippets',
  'astro astro': 'embed-snippets',
  'css tokens': 'embed-snippets',
  'text policy': 'embed-snippets',
  'yaml typo3': 'embed-snippets',
  'js headless': 'embed-snippets',
  'ini environment': 'server-snippets',
  'ini unit': 'server-snippets',
  'text caddy': 'server-snippets',
  'nginx nginx': 'server-snippets',
  'text aliases': 'server-snippets',
  'sh server': 'server-snippets',
  'sh probe': 'server-snippets',
  'sql sqlite': 'server-snippets',
  'sh command': 'command-snippets',
  'sh lint': 'command-snippets',
};

describe('the guides', () => {
  it('has one for each of the five users', () => {
    const paths = guides.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(
        ['people', 'marketers', 'legal', 'developers', 'operators'].map((user) => `${user}.md`),
      ),
    );
    expect(paths).toEqual(expect.arrayContaining(['people.de.md', 'marketers.de.md', 'legal.de.md']));
  });

  it.each(guides.map(({ path }) => path))('%s says at its top what it is', (path) => {
    const { text } = guides.find((one) => one.path === path) ?? { text: '' };
    const [, head = ''] = /^---\n([\s\S]*?)\n---\n\n/.exec(text) ?? [];
    expect(head).toMatch(/^title: \S/m);
    expect(head).toMatch(/^description: \S.*\.$/m);
    // The page prints the title: a heading of the first level would be a second one.
    expect(text.replace(/^```[\s\S]*?^```$/gm, '')).not.toMatch(/^# /m);
  });

  it('has no snippet that no test runs', () => {
    const untested = guides
      .flatMap(snippetsIn)
      .filter(({ language, kind }) => !(`${language} ${kind}` in tested))
      .map(({ path, line, language, kind }) => `${path}:${line} ${language} ${kind}`);
    expect(untested).toEqual([]);
    for (const file of new Set(Object.values(tested))) {
      expect(existsSync(`tests/docs/${file}.test.ts`), file).toBe(true);
    }
  });

  it('leads only to pages and headings that are there', () => {
    const slugs = guides.map(({ path }) => path.replace(/(\.de)?\.md$/, ''));
    const dead = guides.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(\/docs\/([^)#]+)/g)]
        .filter(([, slug = '']) => !slugs.includes(slug))
        .map(([, slug]) => `${path} → /docs/${slug}`),
    );
    expect(dead).toEqual([]);
  });

  it('keeps decision records short', () => {
    const records = guides.filter(({ path }) => path.startsWith('decisions/'));
    expect(records.length).toBeGreaterThan(20);
    for (const { path, text } of records) {
      expect(text.trimEnd().split('\n').length, path).toBeLessThanOrEqual(45);
    }
  });

  it('says figures on the page that the bench writes, and in decisions that rest on a trial', () => {
    const figures = /\b\d[\d,.]* (?:µs|ms a |rows\/s|lines a second)/;
    const elsewhere = guides.filter(
      ({ path, text }) => path !== 'figures.md' && !path.startsWith('decisions/') && figures.test(text),
    );
    expect(elsewhere.map(({ path }) => path)).toEqual([]);
  });

  it('says the same snippets in every language', () => {
    for (const { path, text } of guides.filter((one) => one.path.endsWith('.de.md'))) {
      const english = guides.find((one) => one.path === path.replace('.de.md', '.md'));
      const kinds = (of: string) =>
        snippetsIn({ path, text: of }).map((one) => `${one.language} ${one.kind}`);
      expect(kinds(text), path).toEqual(kinds(english?.text ?? ''));
    }
  });
});

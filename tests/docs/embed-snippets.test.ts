import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { fillIn } from '#src/docs/fill-in.ts';
import { snippetsOf } from '#src/embed/snippets.ts';
import { acceptTokens, tokenNames } from '#src/embed/tokens.ts';
import { firstCells, guide, snippetsIn, snippetsOfKind } from './read-guides.ts';

const instance = { baseUrl: 'https://consent.example.com', integrity: 'sha384-AbC/9+xYz0123' };
const height = { narrow: 640, wide: 640 };

/** What the desk prints for the same form, in the language of the guide. */
const desk = (locale: 'de' | 'en') =>
  snippetsOf({ ...instance, form: 'newsletter', locale, title: 'Newsletter', height });

/** Names and values of all attributes, however a framework spells them; sizes are each page's own. */
function attributesIn(code: string): string[] {
  const plain = code
    .replaceAll('&amp;', '&')
    .replaceAll('&#38;', '&')
    .replaceAll('crossOrigin', 'crossorigin');
  return [
    ...plain.matchAll(
      /\s(form|lang|src|href|title|integrity|crossorigin|loading|referrerpolicy|data-jawort-form)="([^"]*)"/g,
    ),
  ]
    .map(([, name, value]) => `${name}=${value}`)
    .toSorted();
}

const pages = ['marketers.md', 'marketers.de.md'] as const;

describe.each(pages)('the snippets of %s', (path) => {
  const locale = path.endsWith('.de.md') ? 'de' : 'en';
  const filled = (kind: string) => {
    const [snippet] = snippetsOfKind(path, kind);
    if (!snippet) throw new Error(`${path} has no snippet ${kind}`);
    return fillIn(snippet.code, instance);
  };

  it('have what the desk prints', () => {
    const { element, iframe, link } = desk(locale);
    expect(attributesIn(filled('element'))).toEqual(attributesIn(element));
    expect(attributesIn(filled('link'))).toEqual(attributesIn(link));
    const [frameOnly = ''] = iframe.split('<script');
    expect(attributesIn(filled('frame'))).toEqual(attributesIn(frameOnly));
    expect(attributesIn(filled('astro'))).toEqual(attributesIn(element));
    expect(attributesIn(filled('next'))).toEqual(attributesIn(element));
  });

  it('are code that React and Next.js can read', async () => {
    for (const kind of ['react', 'next']) {
      const { code } = await transform(filled(kind), { loader: 'jsx', jsx: 'automatic' });
      expect(code).toContain('"jawort-form"');
    }
    const react = filled('react');
    const { element } = desk(locale);
    const [, loader] = / src="([^"]+)"/.exec(element) ?? [];
    expect(react).toContain(`const loader = '${loader}';`);
    expect(react).toContain(`script.integrity = '${instance.integrity}';`);
    expect(react).toContain("script.crossOrigin = 'anonymous';");
    const inMarkup = attributesIn(element).filter((one) => !/^(src|integrity|crossorigin)=/.test(one));
    expect(attributesIn(react)).toEqual(inMarkup);
  });

  it('names only events that the loader sends, and code that browsers can read', async () => {
    const events = filled('events').replace(/<\/?script>/g, '');
    await transform(events, { loader: 'js' });
    const loader = (await import('node:fs')).readFileSync('src/embed/loader.ts', 'utf8');
    const named = [...new Set(events.match(/jawort-\w+/g))];
    expect(named.length).toBe(3);
    for (const name of named) expect(loader).toContain(`'${name}'`);
  });

  it('has tokens that a form takes, all of them listed', () => {
    const own = Object.fromEntries(
      ['--ink', '--muted', '--no', '--waiting', '--edge', '--focus', '--on-yes'].map((name) => [
        name,
        [20, 20, 20],
      ]),
    ) as Record<string, [number, number, number]>;
    own['--paper'] = [255, 255, 255];
    const given = Object.fromEntries(
      [...filled('tokens').matchAll(/--jawort-([\w-]+): ([^;]+);/g)].map(([, name = '', value]) => [
        name,
        value,
      ]),
    );
    expect(Object.keys(given).filter((name) => !tokenNames.some((known) => known === name))).toEqual([]);
    const accepted = acceptTokens(given, own);
    // The ground of the page becomes that of its fields as well.
    expect(Object.keys(accepted).length).toBe(Object.keys(given).length + 1);
    const { text } = guide(path);
    const listed = [...new Set(text.match(/`--jawort-[\w-]+`/g))].map((name) => name.slice(10, -1));
    expect(listed.toSorted()).toEqual([...tokenNames].toSorted());
  });

  it('says the policy that the desk says', () => {
    const { baseUrl } = instance;
    expect(filled('policy').trim()).toBe(
      `frame-src ${baseUrl}; script-src ${baseUrl}; connect-src ${baseUrl}`,
    );
    const yaml = snippetsIn(guide(path)).find((one) => one.language === 'yaml')?.code ?? '';
    expect([...yaml.matchAll(/directive: (\S+)/g)].map(([, name]) => name)).toEqual([
      'frame-src',
      'script-src',
      'connect-src',
    ]);
  });
});

describe('the headless form of the developer guide', () => {
  it('is the one that the desk prints', () => {
    const [shown] = snippetsOfKind('developers.md', 'headless');
    const printed = desk('en').headless;
    expect(fillIn(shown?.code ?? '', instance).trim()).toBe(printed.trim());
  });

  it('says every reason of a decision', async () => {
    const { reason } = await import('#src/api/decisions.ts');
    expect(firstCells('developers.md', 'Reasons').toSorted()).toEqual([...reason.options].toSorted());
  });
});

import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const sheet = globSync('src/styles/{reset,tokens,base,embed,components/*,pages/demo}.css')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');
const tokens = readFileSync('src/styles/tokens.css', 'utf8');
const light = coloursIn(tokens, 0);
const dark = coloursIn(tokens, 1);

/** What stands on what. Words need 4.5:1, the edges of controls and the focus ring 3:1. */
const pairs: [front: string, back: string, least: number][] = [
  ...['ink', 'muted', 'yes', 'no', 'waiting'].map((name): [string, string, number] => [name, 'paper', 4.5]),
  ['ink', 'field', 4.5],
  ['muted', 'field', 4.5],
  ['on-yes', 'yes', 4.5],
  ['on-no', 'no', 4.5],
  ['edge', 'paper', 3],
  ['edge', 'field', 3],
  ['no', 'field', 3],
  ['focus', 'paper', 3],
];

describe.each([
  ['light', light],
  ['dark', dark],
])('the colours of the %s theme', (_theme, tokens) => {
  it.each(pairs)('%s stands out from %s', (front, back, least) => {
    expect(contrast(colour(tokens, front), colour(tokens, back))).toBeGreaterThanOrEqual(least);
  });
});

describe('the stylesheet', () => {
  it('names colours as tokens only', () => {
    const rules = sheet.replaceAll(
      /--[\w-]+:\s*(#[0-9a-f]{6}|light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\));/g,
      '',
    );
    expect(
      rules.match(/#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|box-shadow|gradient|animation|transition/g),
    ).toBe(null);
  });

  it('keeps to three sizes and two weights', () => {
    const sizes = new Set([...sheet.matchAll(/font-size:\s*var\(--(\w+)\)/g)].map(([, size]) => size));
    expect([...sizes].sort()).toEqual(['body', 'large', 'small']);
    const weights = new Set([...sheet.matchAll(/font-weight:\s*([^;]+);/g)].map(([, weight]) => weight));
    weights.delete('inherit');
    expect([...weights].sort()).toEqual(['400', 'var(--bold)']);
  });
});

function coloursIn(css: string, scheme: 0 | 1): Record<string, string> {
  const found = css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g);
  return Object.fromEntries([...found].map(([, name = '', ...values]) => [name, values[scheme] ?? '']));
}

function colour(tokens: Record<string, string>, name: string): string {
  const value = tokens[name];
  if (!value) throw new Error(`no colour --${name}`);
  return value;
}

/** WCAG 2.2, "contrast ratio". */
function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

import { describe, expect, it } from 'vitest';
import { ownColours } from '#src/embed/own-colours.ts';
import { acceptTokens, contrast, isDark, looksLikeColour, parseColour } from '#src/embed/tokens.ts';

const light = ownColours.light;

describe('acceptTokens', () => {
  it('takes a look that can be read', () => {
    const given = { accent: '#0a5040', bg: '#ffffff', text: '#111', radius: '6px', 'font-size': '1.125rem' };
    expect(acceptTokens({ ...given, font: "Inter, 'Noto Sans', sans-serif" }, light)).toEqual({
      '--yes': 'rgb(10, 80, 64)',
      '--paper': 'rgb(255, 255, 255)',
      '--field': 'rgb(255, 255, 255)',
      '--ink': 'rgb(17, 17, 17)',
      '--radius': '6px',
      '--body': '1.125rem',
      '--font': "Inter, 'Noto Sans', sans-serif",
    });
  });

  it('leaves out a colour that cannot be read on its ground, and keeps the rest', () => {
    expect(acceptTokens({ text: '#cccccc', accent: '#003366' }, light)).toEqual({
      '--yes': 'rgb(0, 51, 102)',
    });
    const pale = { bg: '#f4f4f4', muted: '#d0d0d0' };
    expect(Object.keys(acceptTokens(pale, light))).toEqual(['--paper', '--field']);
    expect(acceptTokens({ accent: '#003366', 'accent-text': '#002244' }, light)).toEqual({
      '--yes': 'rgb(0, 51, 102)',
    });
  });

  it('leaves out a ground on which our own words would vanish', () => {
    expect(acceptTokens({ bg: '#222222' }, light)).toEqual({});
  });

  it.each([
    { bg: 'url(https://evil.example/x.png)' },
    { bg: 'rgba(0, 0, 0, 0)' },
    { text: 'red; } body { display: none' },
    { radius: '999px' },
    { radius: 'calc(1px + 100vw)' },
    { 'font-size': '3px' },
    { 'control-height': '10px' },
    { font: 'x; background: url(//evil.example)' },
    { font: 'url(//evil.example)' },
    { display: 'none' },
    { accent: 7 },
  ])('takes nothing of %o', (given) => {
    expect(acceptTokens(given, light)).toEqual({});
  });
});

describe('colours', () => {
  it('are read as browsers compute them', () => {
    expect(parseColour('#0a5')).toEqual([0, 170, 85]);
    expect(parseColour('#00AA55')).toEqual([0, 170, 85]);
    expect(parseColour('rgb(0, 170, 85)')).toEqual([0, 170, 85]);
    for (const text of ['rgba(0, 0, 0, 0.5)', 'rgb(300, 0, 0)', '#12', 'red', '']) {
      expect(parseColour(text)).toBe(undefined);
    }
  });

  it('are handed to the browser only when they can do nothing else', () => {
    expect(looksLikeColour('oklch(0.7 0.1 200)')).toBe(true);
    for (const text of ['var(--x)', 'url(x)', 'env(x)', 'red;', 7, undefined])
      expect(looksLikeColour(text)).toBe(false);
  });

  it('are dark or light, and stand out from each other', () => {
    expect([isDark([17, 17, 17]), isDark([250, 250, 250])]).toEqual([true, false]);
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
  });
});

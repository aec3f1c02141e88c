import { describe, expect, it } from 'vitest';
import { ownColours } from '#src/embed/own-colours.ts';

import { noTheme } from '#src/forms/form-draft.ts';
import { type FormTheme, themeFaults, themeIn, themeQuery, themeSheet } from '#src/forms/form-theme.ts';

const blue: FormTheme = {
  light: { accent: '#003366', bg: '#ffffff' },
  dark: { accent: '#9ecbff' },
  shape: { radius: '8px', font: "'Noto Sans', sans-serif" },
};

describe('a theme', () => {
  it('is nothing where nothing was chosen', () => {
    expect(themeFaults(noTheme)).toEqual([]);
    expect(themeSheet(noTheme)).toBe('');
    expect(themeQuery(noTheme).size).toBe(0);
  });

  it('keeps light and dark apart, whatever the device or the page around wants', () => {
    const sheet = themeSheet(blue);
    expect(sheet).toContain(":root {\n  --radius: 8px;\n  --font: 'Noto Sans', sans-serif;\n}");
    expect(sheet).toContain(
      "@media (prefers-color-scheme: light) {\n:root:not([data-theme='dark']) {\n  --yes: rgb(0, 51, 102);",
    );
    expect(sheet).toContain(":root[data-theme='dark'] {\n  --yes: rgb(158, 203, 255);\n}");
  });

  it('comes back from its address as it was', () => {
    expect(themeIn(themeQuery(blue))).toEqual(blue);
  });

  it('lets nothing into the sheet that is no value', () => {
    const evil: FormTheme = {
      light: { accent: 'red; } body { display: none' },
      dark: { bg: 'url(https://evil.example/x)' },
      shape: { font: 'a; } * { display: none }', radius: '900px' },
    };
    expect(themeSheet(evil)).toBe('');
    expect(themeFaults(evil).map(({ field, code }) => `${field} ${code}`)).toEqual([
      'light.accent no_colour',
      'dark.bg no_colour',
      'shape.radius no_shape',
      'shape.font no_shape',
    ]);
  });

  it('cannot be published below 4.5:1 for words and 3:1 for edges', () => {
    const faults = themeFaults({ light: { text: '#888888', border: '#cccccc' }, dark: {}, shape: {} });
    expect(faults).toMatchObject([
      { field: 'light.text', code: 'contrast', front: 'text', back: 'bg', least: 4.5 },
      { field: 'light.border', code: 'contrast', front: 'border', back: 'bg', least: 3 },
    ]);
    expect(themeFaults({ light: { accent: '#ffff00' }, dark: {}, shape: {} })).not.toEqual([]);
    // A ground that our own amber and rust would vanish on.
    expect(themeFaults({ light: { bg: '#7a4f00' }, dark: {}, shape: {} })).not.toEqual([]);
  });

  it('is measured against the colours that the sheet really has', () => {
    expect(ownColours.light['--yes']).toEqual([11, 95, 67]);
    expect(ownColours.dark['--yes']).toEqual([111, 208, 166]);
    const measured = [
      '--paper',
      '--ink',
      '--muted',
      '--edge',
      '--yes',
      '--on-yes',
      '--no',
      '--waiting',
      '--focus',
    ];
    for (const own of [ownColours.light, ownColours.dark])
      expect(Object.keys(own)).toEqual(expect.arrayContaining(measured));
  });
});
